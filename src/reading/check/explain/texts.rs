//! The words of what each code means, Vietnamese before English.

use super::{Section, Told};

pub(super) const GAP: Told = Told {
    title: ("bỏ trống", "gap"),
    meaning: (
        "Trong phạm vi đã phủ, không câu nào giao việc này cho ai. Ngoài phạm vi đã phủ, hoặc nơi danh mục khai `bỏ ngỏ`, thì không phải là lỗi.",
        "Inside the cover no sentence hands the task to anybody. Outside the cover, or where the catalogue says `left open`, it is no fault.",
    ),
    basis: Section::Holding.words(),
};

pub(super) const CONFLICT: Told = Told {
    title: ("chồng chéo", "conflict"),
    meaning: (
        "Những câu mạnh ngang nhau nêu các chủ thể khác nhau, và không câu nào nói ai nhường ai hay chọn thế nào. Cùng một chủ thể được nêu hai lần, hoặc nhiều chủ thể kèm cách chọn, thì không phải là chồng chéo.",
        "Sentences of equal strength name unlike deciders, and nothing says who yields or how they share it. The same decider named twice, or several with a way of sharing, are no conflict.",
    ),
    basis: Section::Holding.words(),
};

pub(super) const ORPHANED: Told = Told {
    title: ("mất chủ thể", "orphaned task"),
    meaning: (
        "Người giữ thẩm quyền không tồn tại ở đó vào ngày đó, và không văn bản nào chuyển việc sang người khác.",
        "Whoever holds the task does not exist there and then, and no text passes it on.",
    ),
    basis: Section::Standing.words(),
};

pub(super) const NOT_HELD: Told = Told {
    title: ("chuyển giao thẩm quyền mình không giữ", "transfer of what is not held"),
    meaning: (
        "Người chuyển giao không giữ việc này, ở đó, khi đó, theo điều khoản được dẫn. Chuyển giao vô hiệu; thẩm quyền ở lại với người đang giữ.",
        "The giver does not hold the task there and then, under the provision that is named. The transfer is void; authority stays with whoever holds it.",
    ),
    basis: Section::Moving.words(),
};

pub(super) const WRONG_SUBJECT: Told = Told {
    title: ("nhầm cơ quan với người đứng đầu", "body mistaken for its head"),
    meaning: (
        "Người chuyển giao không giữ việc này, nhưng người đứng đầu của cơ quan đó (hoặc cơ quan mà người đó đứng đầu) thì giữ. UBND và Chủ tịch UBND là hai chủ thể.",
        "The giver does not hold the task; its head does, or the body that it heads. A body and its head are two subjects.",
    ),
    basis: Section::Moving.words(),
};

pub(super) const FORBIDDEN: Told = Told {
    title: ("chuyển giao bị cấm", "forbidden transfer"),
    meaning: (
        "Luật của chính việc này, hoặc luật tổ chức, cấm chuyển giao.",
        "The task's own law, or the organisation law, forbids the transfer.",
    ),
    basis: Section::Moving.words(),
};

pub(super) const WRONG_PAIR: Told = Told {
    title: ("chuyển giao giữa hai chủ thể không được phép", "transfer between the wrong two"),
    meaning: (
        "Luật tổ chức có hiệu lực vào ngày ban hành kê những cặp chủ thể được chuyển giao cho nhau, và không có cặp này.",
        "The organisation law in force on the day of issue lists which bodies may pass tasks on to which, and this pair is not among them.",
    ),
    basis: Section::Moving.words(),
};

pub(super) const UPWARD: Told = Told {
    title: ("chuyển giao lên cấp trên", "transfer to a higher level"),
    meaning: (
        "Chuyển giao đi từ cấp dưới lên cấp trên, và luật tổ chức chỉ cho đi xuống.",
        "The transfer goes from a lower level to a higher one, and the organisation law admits only the way down.",
    ),
    basis: Section::Moving.words(),
};

pub(super) const NO_TERM: Told = Told {
    title: ("ủy quyền không nêu thời hạn", "delegation without a term"),
    meaning: (
        "Luật tổ chức đòi hỏi chuyển giao loại này phải nêu thời hạn; văn bản, điều và câu đều không nêu ngày kết thúc.",
        "The organisation law demands that such a transfer state its term; neither document nor article nor sentence has a last day.",
    ),
    basis: Section::Moving.words(),
};

pub(super) const PASSED_ON: Told = Told {
    title: ("chuyển tiếp việc đã nhận", "passing on what was received"),
    meaning: (
        "Người chuyển giao chỉ nhận việc này qua ủy quyền hoặc phân cấp, và luật tổ chức không cho chuyển tiếp.",
        "The giver has the task only because it was passed to it, and the organisation law does not let it be passed on again.",
    ),
    basis: Section::Moving.words(),
};

pub(super) const RECEIVER_ABSENT: Told = Told {
    title: ("bên nhận không tồn tại", "receiver that is not there"),
    meaning: (
        "Ở đó, vào ngày đó, không có chủ thể nhận. Chuyển giao không có tác dụng ở những nơi ấy.",
        "There and then the receiver does not exist. The transfer has no effect in those places.",
    ),
    basis: Section::Moving.words(),
};

pub(super) const OUTLIVES_BASIS: Told = Told {
    title: ("chuyển giao còn hạn nhưng căn cứ đã hết", "transfer that outlives its basis"),
    meaning: (
        "Điều khoản mà theo đó người chuyển giao giữ việc đã hết hiệu lực; chuyển giao hết theo, dù văn bản còn ghi thời hạn.",
        "The provision under which the giver held the task has ended; the transfer ended with it, whatever term it states.",
    ),
    basis: Section::Moving.words(),
};

pub(super) const INCOMPETENT: Told = Told {
    title: ("văn bản không có quyền quy định điều đó", "text without competence"),
    meaning: (
        "Loại văn bản này không được quy định nội dung như vậy, hoặc cơ quan ban hành không tồn tại khi ban hành. Câu đó bị loại trước khi so thứ bậc.",
        "This kind of document may not say such a thing, or its issuer did not exist when it was issued. The sentence is dropped before anything is ranked.",
    ),
    basis: Section::Competence.words(),
};

pub(super) const CANONS_DISAGREE: Told = Told {
    title: ("quy định về chuyển giao trái nhau", "permission and ban side by side"),
    meaning: (
        "Một câu cho phép chuyển giao mà một câu khác cấm, cả hai đều có hiệu lực và không câu nào mạnh hơn.",
        "One sentence admits a transfer that another forbids; both are in force, and neither is the stronger.",
    ),
    basis: Section::Moving.words(),
};

pub(super) const CANONS_BY_CLAIM: Told = Told {
    title: ("thắng văn bản cao hơn chỉ nhờ tự nhận ưu tiên", "ban or permission that wins by a claim"),
    meaning: (
        "Hai câu về chuyển giao trái nhau, và câu của văn bản thấp hơn thắng chỉ vì văn bản đó được ưu tiên áp dụng so với thứ bậc của câu kia. Người đọc cần biết để đối chiếu văn bản cho phép.",
        "Two sentences on transfers contradict each other, and that of the lower text wins only because its document claims to prevail over the rank of the other. Compare it with the text that authorises the claim.",
    ),
    basis: Section::Win.words(),
};

pub(super) const UNFOUNDED_CLAIM: Told = Told {
    title: ("tự nhận ưu tiên không có căn cứ", "claim to prevail without a ground"),
    meaning: (
        "Câu tự nhận được ưu tiên áp dụng so với văn bản cao hơn, nhưng văn bản cho phép không có, không đủ thứ bậc hoặc không còn hiệu lực. Lời tự nhận không được tính.",
        "The sentence claims to prevail over a text of higher rank, and the text that would authorise this is missing, of too low a rank, or not in force. The claim is ignored.",
    ),
    basis: Section::Win.words(),
};

pub(super) const TOO_MANY: Told = Told {
    title: ("quá nhiều vùng", "too many regions"),
    meaning: (
        "Quy định về việc này chia thành nhiều vùng hơn mức chương trình xét; các câu nhân số vùng lên được nêu tên. Việc này chưa được kiểm tra.",
        "The rules of the task fall into more regions than are worked through; the sentences that multiply are named. Nothing is known of the task.",
    ),
    basis: Section::Bounds.words(),
};

pub(super) const BASIS_ENDED: Told = Told {
    title: ("căn cứ ban hành đã hết hiệu lực", "document that rests on one that ended"),
    meaning: (
        "Văn bản còn hiệu lực nhưng văn bản mà nó căn cứ đã hết. Điều đó không tự làm nó hết hiệu lực, nhưng cần rà soát.",
        "The document is in force, and one on which it rests is not any more. That does not end it, but it should be reviewed.",
    ),
    basis: Section::Force.words(),
};

pub(super) const DEAD: Told = Told {
    title: ("quy định không bao giờ quyết định", "dead provision"),
    meaning: (
        "Nơi nào câu này được áp dụng thì những câu khác, mạnh hơn hoặc ra sau, đều quyết định thay nó.",
        "Wherever the sentence applies, others that are stronger or later decide in its stead.",
    ),
    basis: Section::Win.words(),
};

pub(super) const UNREACHABLE: Told = Told {
    title: ("điều kiện không bao giờ xảy ra", "conditions that hold nowhere"),
    meaning: (
        "Các điều kiện của câu loại trừ nhau, hoặc trái với danh mục: nó không được áp dụng ở đâu, vào ngày nào.",
        "The conditions of the sentence exclude each other, or the catalogue excludes them: it applies nowhere, on no day.",
    ),
    basis: Section::OwnTerms.words(),
};

pub(super) const DELEGATION_ENDS: Told = Told {
    title: ("ủy quyền hết hạn không có văn bản tiếp nối", "delegation that ends with none to follow"),
    meaning: (
        "Từ ngày sau ngày cuối của ủy quyền, không ai giữ việc này theo một ủy quyền khác: thẩm quyền trở về người giao, hoặc ai luật khi đó nêu.",
        "From the day after its last nobody holds the task by another delegation: it is the giver's again, or whoever's the law then says.",
    ),
    basis: Section::Moving.words(),
};

pub(super) const UNLIKE: Told = Told {
    title: ("cách thực hiện không thống nhất", "texts that are unlike on how a task is handled"),
    meaning: (
        "Các văn bản ngang nhau cùng nêu trình tự, thời hạn, người ký hoặc con dấu của một việc, mỗi văn bản một khác; câu trả lời vì thế bỏ trống phần đó.",
        "Texts of equal standing say unlike things of the procedure, time limit, signers or seal of a task; the answer leaves that part empty.",
    ),
    basis: Section::Handling.words(),
};

pub(super) const OVER_LIMIT: Told = Told {
    title: ("các bước dài hơn thời hạn", "steps that take longer than the task may"),
    meaning: (
        "Thời gian của các bước trong trình tự cộng lại vượt thời hạn giải quyết. Ngày và ngày làm việc chỉ được so khi chắc chắn.",
        "The times of the steps of the procedure together exceed the time in which the task is to be decided. Days and working days are compared only where it is sure.",
    ),
    basis: Section::Handling.words(),
};

pub(super) const UNCLEAR: Told = Told {
    title: ("thiếu một trong năm rõ", "one of the five clears that no text says"),
    meaning: (
        "Có người quyết định việc này nhưng không văn bản nào nêu trình tự, hoặc trình tự không nêu kết quả. Chỉ nêu khi hỏi: `--deny unclear`.",
        "Somebody decides the task, and no text says its procedure, or the procedure names no result. Told only when asked for: `--deny unclear`.",
    ),
    basis: Section::Handling.words(),
};

pub(super) const DUPLICATE: Told = Told {
    title: ("trùng lắp", "duplicate"),
    meaning: (
        "Nơi nào câu này được áp dụng thì câu kia đã nói hết điều nó nói. Hai câu như vậy dễ lệch nhau khi một câu được sửa.",
        "Wherever the sentence applies, another one says all that it says. Two of them come apart when one is amended.",
    ),
    basis: Section::Holding.words(),
};

pub(super) const UNCHECKED: Told = Told {
    title: ("chưa đối chiếu với nguồn", "not checked against its source"),
    meaning: (
        "Văn bản được đối chiếu với nguồn lần cuối đã quá lâu, hoặc chưa bao giờ.",
        "The document was last compared with its source too long ago, or never.",
    ),
    basis: Section::Checked.words(),
};
