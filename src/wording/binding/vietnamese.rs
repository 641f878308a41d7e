//! Vietnamese words for problems of binding.

use jiff::civil::Date;

use crate::diagnostic::{Binding, Chain, Cited, Limit, Line, Noun, Shape};
use crate::register::RegisterProblemKind as Register;
use crate::syntax::tree::Language;

use super::{address, name, names, part, quoted};

#[allow(clippy::too_many_lines, reason = "one arm for each problem")]
pub(super) fn message(problem: &Binding) -> String {
    match problem {
        Binding::UnknownName { noun, name, .. } => format!("không có {} nào tên là `{name}`", self::noun(*noun)),
        Binding::AmbiguousName { noun, name, candidates } => {
            format!("`{name}` có thể là nhiều {}: {}", self::noun(*noun), quoted(candidates))
        }
        Binding::DuplicateName { noun, name } => format!("đã có {} khác tên là `{name}`", self::noun(*noun)),
        Binding::Circular { chain, members } if members.is_empty() => {
            format!("{} thành vòng tròn", self::chain(*chain))
        }
        Binding::Circular { chain, members } => format!("{} thành vòng tròn: {}", self::chain(*chain), quoted(members)),
        Binding::BranchingLevels { first, second } => format!("hai cấp `{first}` và `{second}` ngang hàng nhau"),
        Binding::MissingLine { line, of } if of.is_empty() => format!("thiếu {}", self::line(*line)),
        Binding::MissingLine { line, of } => format!("`{of}` thiếu {}", self::line(*line)),
        Binding::TooManyValues { fact } => format!("dữ kiện `{fact}` có hơn 255 giá trị"),
        Binding::NotAClass { name } => format!("`{name}` là một chủ thể, không phải loại chủ thể"),
        Binding::ClassAsHolder { name } => format!("`{name}` là loại chủ thể, ở đây cần đúng một chủ thể"),
        Binding::NobodyHeads { name } => format!("chưa khai chủ thể nào đứng đầu `{name}`"),
        Binding::MissingLevel { body, levels } => {
            format!(
                "`{}` có ở nhiều cấp ({}) mà chưa nói cấp nào",
                name(body, Language::Vietnamese),
                names(levels, Language::Vietnamese)
            )
        }
        Binding::WrongLevel { body, level, levels } if levels.is_empty() => {
            format!(
                "`{}` được khai là không thuộc cấp nào, ở đây lại nói `{}`",
                name(body, Language::Vietnamese),
                name(level, Language::Vietnamese)
            )
        }
        Binding::WrongLevel { body, level, levels } => {
            format!(
                "`{}` được khai ở {}, không có ở `{}`",
                name(body, Language::Vietnamese),
                names(levels, Language::Vietnamese),
                name(level, Language::Vietnamese)
            )
        }
        Binding::RelativeSeat { written } => {
            format!("cấp của `{written}` được nói so với người giao, ở đây không có ai giao")
        }
        Binding::TaskWithoutPlace { task } => format!("nhiệm vụ `{task}` không có nơi nào để xác định đơn vị của cấp"),
        Binding::PlaceAlwaysThere { place, task } => {
            format!("nhiệm vụ `{task}` luôn có nơi `{place}`")
        }
        Binding::PlaceNotOfTask { place, task } => format!("`{place}` không phải là nơi của nhiệm vụ `{task}`"),
        Binding::FollowerLacksPlace { task, followed, place } => {
            format!("`{task}` theo `{followed}` nhưng thiếu nơi `{place}` của nó")
        }
        Binding::MissingSharing => "nhiều chủ thể cùng quyết định mà chưa nói theo cách nào".to_owned(),
        Binding::UnknownUnit { name, .. } => format!("chưa từng có đơn vị nào tên là `{name}`"),
        Binding::UnitOfOtherType { name, word, .. } => format!("chưa từng có `{word}` nào tên là `{name}`"),
        Binding::AmbiguousUnit { name, candidates } => {
            format!("`{name}` có thể là nhiều đơn vị: {}", quoted(candidates))
        }
        Binding::IssuerWithoutUnit { body } => format!("chưa nói `{body}` nào ban hành văn bản"),
        Binding::IssuerNotThen { unit, issued, from, before } => match before.filter(|before| before <= issued) {
            Some(before) => {
                format!("`{unit}` không còn từ ngày {}, văn bản ban hành ngày {}", day(before), day(*issued))
            }
            None => format!("`{unit}` chỉ có từ ngày {}, văn bản ban hành ngày {}", day(*from), day(*issued)),
        },
        Binding::EmptyPeriod { from, before, through: false } => empty_period(*from, *before),
        Binding::EmptyPeriod { from, before, through: true } => {
            let last = before.yesterday().unwrap_or(*before);
            format!("thời gian từ ngày {} đến hết ngày {} không có ngày nào", day(*from), day(last))
        }
        Binding::DuplicateDocument { number } => format!("văn bản `{number}` của cơ quan này, ngày này, đã được ghi"),
        Binding::UnknownDocument { number, .. } => format!("ở đây không có văn bản số `{number}`"),
        Binding::UnknownBasis { number, .. } => format!("căn cứ `{number}` không có trong các văn bản ở đây"),
        Binding::AmbiguousDocument { number, issued } => {
            format!(
                "chưa rõ `{number}` nào: có văn bản ban hành ngày {}",
                issued.iter().copied().map(day).collect::<Vec<_>>().join(", ")
            )
        }
        Binding::NoSuchPart { part, standing } => {
            let (part, standing) = (self::part(*part, Language::Vietnamese), address(standing, Language::Vietnamese));
            format!("`{part} này` đứng tại `{standing}`, nơi không có {part} nào")
        }
        Binding::NothingThere { at, task: Some(task), .. } => format!("tại {} không có gì về `{task}`", cited(at)),
        Binding::NothingThere { at, task: None, .. } => format!("tại {} không có gì", cited(at)),
        Binding::DayNotBefore { day, first } => format!(
            "ngày {} không trước ngày câu này bắt đầu có hiệu lực{}",
            self::day(*day),
            first.map_or_else(String::new, |first| format!(" ({})", self::day(first)))
        ),
        Binding::NotAbove { level, than } => format!("`{level}` không phải cấp trên của `{than}`"),
        Binding::UnfitShare { fact, table } => {
            format!("phần đó của `{table}` ở một dòng không phải là số mà `{fact}` có thể có")
        }
        Binding::MissingRows { table, values } => {
            format!("không văn bản nào nêu mức của `{table}` cho {}: ở đó phép so sánh không thỏa", quoted(values))
        }
        Binding::NothingHit { at, .. } => format!("tại {} không có gì đã ban hành từ trước", cited(at)),
        Binding::OutsideTarget { address: outside } => {
            format!("`{}` không nằm trong đúng một địa chỉ bị tác động", address(outside, Language::Vietnamese))
        }
        Binding::FactNotOfTask { fact, task } => format!("nhiệm vụ `{task}` không phụ thuộc dữ kiện `{fact}`"),
        Binding::WrongTest { fact, shape } => format!("`{fact}` là {}, phép thử này không hợp", self::shape(shape)),
        Binding::NotOrdered { fact } => format!("các giá trị của `{fact}` không có thứ tự"),
        Binding::WrongMeasure { fact, declared, written } => {
            format!("`{fact}` được tính {}, ở đây {}", measure(declared.as_deref()), measure(written.as_deref()))
        }
        Binding::MisplacedLimit { limit } => format!("{} không có nghĩa ở đây", self::limit(*limit)),
        Binding::MissingUnder => "câu chuyển giao chưa nói người giao giữ nhiệm vụ theo quy định nào".to_owned(),
        Binding::SilentBefore { task, covered, first } => {
            let since =
                covered.map_or_else(|| "cho mọi ngày".to_owned(), |covered| format!("từ ngày {}", day(covered)));
            let first = day(*first);
            format!("quy định về `{task}` bắt đầu từ ngày {first} mà được coi là đầy đủ {since}: trước đó là bỏ trống")
        }
        Binding::OddProcedure { code } => format!("`{code}` không đúng dạng mã thủ tục hành chính"),
        Binding::WrongExpectation => "kết quả không trả lời câu hỏi của tình huống".to_owned(),
        Binding::Register(kind) => register(kind),
    }
}

#[allow(clippy::too_many_lines, reason = "one arm for each problem")]
pub(super) fn help(problem: &Binding) -> Option<String> {
    let help = match problem {
        Binding::UnknownName { keyword: Some(keyword), foreign: None, .. } => format!("có phải là từ `{}`?", keyword.1),
        Binding::UnknownName { nearest: Some(nearest), foreign: None, .. }
        | Binding::UnknownUnit { nearest: Some(nearest), .. }
        | Binding::UnknownDocument { nearest: Some(nearest), .. }
        | Binding::UnknownBasis { nearest: Some(nearest), .. } => format!("có phải là `{nearest}`?"),
        Binding::UnknownName { foreign: Some(foreign), .. } => {
            format!("`{foreign}` là từ khóa của tiếng kia; mỗi câu chỉ viết bằng một thứ tiếng")
        }
        Binding::UnknownName { among, .. } if !among.is_empty() => {
            format!("viết một trong các cấp đã khai: {}", names(among, Language::Vietnamese))
        }
        Binding::UnknownName { noun, .. } => declare(*noun).to_owned(),
        Binding::UnknownUnit { nearest: None, .. } => "viết tên hoặc mã có trong sổ đơn vị".to_owned(),
        Binding::UnitOfOtherType { others, .. } => format!("tên đó có {}: sửa lại từ đứng trước tên", quoted(others)),
        Binding::UnknownDocument { nearest: None, .. } => "ghi văn bản đó vào, hoặc sửa lại số".to_owned(),
        Binding::UnknownBasis { nearest: None, .. } => {
            "không kéo theo điều gì khác; muốn dẫn thì ghi văn bản đó vào".to_owned()
        }
        Binding::AmbiguousName { .. } => "viết mã".to_owned(),
        Binding::DuplicateName { .. } => "đặt tên riêng cho nó".to_owned(),
        Binding::Circular { .. } => "bỏ một mắt xích của vòng".to_owned(),
        Binding::BranchingLevels { first, second } => {
            format!("viết `dưới {first}` dưới dòng `{second}`, hoặc ngược lại")
        }
        Binding::MissingLine { line, .. } => missing(*line).to_owned(),
        Binding::TooManyValues { .. } => "dùng số, hoặc tách thành hai dữ kiện".to_owned(),
        Binding::NotAClass { name } => format!("khai `{name}` bằng `loại chủ thể`"),
        Binding::ClassAsHolder { .. } => {
            "nêu đích danh chủ thể; loại chủ thể chỉ dùng với `được`, `phải`, `không được`".to_owned()
        }
        Binding::NobodyHeads { name } => format!("viết `đứng đầu {name}` dưới chủ thể đứng đầu"),
        Binding::MissingLevel { levels, .. } => {
            format!("viết thêm một trong: {}", names(levels, Language::Vietnamese))
        }
        Binding::WrongLevel { level, body, .. } => {
            let (level, body) = (name(level, Language::Vietnamese), name(body, Language::Vietnamese));
            format!("sửa lại cấp, hoặc thêm `{level}` vào các cấp của `{body}`")
        }
        Binding::RelativeSeat { .. } => "nêu rõ cấp".to_owned(),
        Binding::PlaceAlwaysThere { place, task } => {
            format!("viết `{place} nếu có` trong dòng nơi của `{task}`, nếu có thể không có nơi này")
        }
        Binding::TaskWithoutPlace { task }
        | Binding::PlaceNotOfTask { task, .. }
        | Binding::FollowerLacksPlace { task, .. } => {
            format!("thêm vào dòng `nơi` của nhiệm vụ `{task}`")
        }
        Binding::MissingSharing => {
            "thêm `một trong các chủ thể`, `người thụ lý đầu tiên` hoặc `người yêu cầu lựa chọn`".to_owned()
        }
        Binding::AmbiguousUnit { .. } => "viết mã, hoặc thêm đơn vị cấp trên sau dấu phẩy".to_owned(),
        Binding::IssuerWithoutUnit { .. } => "viết thêm đơn vị, ví dụ `tại tỉnh \"Đà Nẵng\"`".to_owned(),
        Binding::IssuerNotThen { .. } => "kiểm tra lại đơn vị và ngày ban hành".to_owned(),
        Binding::EmptyPeriod { through: true, .. } => "ngày đầu không được sau ngày cuối".to_owned(),
        Binding::EmptyPeriod { .. } => "ngày đầu phải trước ngày kết thúc".to_owned(),
        Binding::DuplicateDocument { .. } => "gộp các điều vào một chỗ".to_owned(),
        Binding::AmbiguousDocument { .. } => "thêm `ngày` và ngày ban hành".to_owned(),
        Binding::NoSuchPart { .. } => "viết đủ địa chỉ".to_owned(),
        Binding::NothingThere { there, .. } if !there.is_empty() => format!("tại đó có {}", quoted(there)),
        Binding::NothingThere { nearest: Some(nearest), .. } => format!("có phải là {}?", cited(nearest)),
        Binding::NothingHit { nearest: Some(nearest), .. } => {
            format!("có phải là {}? nếu quy định đó chưa được ghi ở đây thì có thể để nguyên", cited(nearest))
        }
        Binding::NothingThere { .. } => "sửa lại địa chỉ, hoặc ghi quy định tại đó vào".to_owned(),
        Binding::NothingHit { .. } => {
            "sửa lại địa chỉ; nếu quy định đó chưa được ghi ở đây thì có thể để nguyên".to_owned()
        }
        Binding::OutsideTarget { .. } => "viết đủ địa chỉ, nằm trong một địa chỉ bị tác động".to_owned(),
        Binding::FactNotOfTask { fact, task } => format!("thêm `{fact}` vào dòng `dữ kiện` của nhiệm vụ `{task}`"),
        Binding::WrongTest { shape, .. } => test(shape).to_owned(),
        Binding::NotOrdered { .. } => {
            "khai các giá trị kèm `, xếp từ cao xuống thấp`, hoặc nêu từng giá trị".to_owned()
        }
        Binding::WrongMeasure { declared: Some(declared), .. } => format!("viết số tính bằng {declared}"),
        Binding::WrongMeasure { declared: None, .. } => "chỉ viết số".to_owned(),
        Binding::SilentBefore { first, .. } => format!("viết `đã phủ từ ngày {}` dưới nhiệm vụ", day(*first)),
        Binding::DayNotBefore { .. } => "nêu một ngày trước khi câu này có hiệu lực".to_owned(),
        Binding::NotAbove { .. } => "nêu cấp trên sẽ quyết định".to_owned(),
        Binding::UnfitShare { .. } => {
            "chọn phần trăm cho ra số nguyên ở mọi dòng, hoặc khai dữ kiện là số thập phân".to_owned()
        }
        Binding::MissingRows { .. } => "thêm các dòng đó, nếu luật có".to_owned(),
        Binding::OddProcedure { .. } => "viết ví dụ `1.013949`".to_owned(),
        Binding::MissingUnder => "thêm `theo` và địa chỉ".to_owned(),
        Binding::WrongExpectation => {
            "với `có tổ chức` thì viết `có` hoặc `không`, với nhiệm vụ thì viết chủ thể hoặc kết quả".to_owned()
        }
        Binding::MisplacedLimit { .. } => "bỏ đi".to_owned(),
        Binding::Register(_) => return None,
    };
    Some(help)
}

fn day(day: Date) -> String {
    day.strftime("%d/%m/%Y").to_string()
}

fn empty_period(from: Date, before: Date) -> String {
    format!("thời gian từ ngày {} đến trước ngày {} không có ngày nào", day(from), day(before))
}

fn cited(at: &Cited) -> String {
    let parts = address(&at.address, Language::Vietnamese);
    if parts.is_empty() { format!("`{}`", at.number) } else { format!("`{parts} của {}`", at.number) }
}

const fn noun(noun: Noun) -> &'static str {
    match noun {
        Noun::Level => "cấp hành chính",
        Noun::Kind => "loại văn bản",
        Noun::Body => "chủ thể",
        Noun::Place => "nơi",
        Noun::Table => "bảng",
        Noun::Fact => "dữ kiện",
        Noun::Value => "giá trị",
        Noun::Task => "nhiệm vụ",
        Noun::UnitType => "cấp hoặc loại đơn vị",
        Noun::Reading => "cách hiểu",
    }
}

/// Where a name of the sort is declared.
const fn declare(noun: Noun) -> &'static str {
    match noun {
        Noun::Level => "khai bằng mục `cấp hành chính …` trong tệp danh mục, hoặc viết một tên đã khai",
        Noun::Kind => "khai bằng mục `loại văn bản …` trong tệp danh mục, hoặc viết một tên đã khai",
        Noun::Body => "khai bằng mục `chủ thể …` trong tệp danh mục, hoặc viết một tên đã khai",
        Noun::Place => "khai bằng mục `nơi …` trong tệp danh mục, hoặc viết một tên đã khai",
        Noun::Table => "khai bằng mục `bảng …` trong tệp danh mục, hoặc viết một tên đã khai",
        Noun::Fact => "khai bằng mục `dữ kiện …` trong tệp danh mục, hoặc viết một tên đã khai",
        Noun::Task => "khai bằng mục `nhiệm vụ …` trong tệp danh mục, hoặc viết một tên đã khai",
        Noun::Value => "khai dưới mục `dữ kiện …` của nó, hoặc viết một giá trị đã khai",
        Noun::UnitType => "viết một cấp đã khai, hoặc một loại đơn vị có trong sổ đơn vị",
        Noun::Reading => "viết tên một dòng `cách hiểu …` của điều này",
    }
}

const fn chain(chain: Chain) -> &'static str {
    match chain {
        Chain::LevelsBelow => "các cấp nằm dưới nhau",
        Chain::BodiesDeputising => "các chủ thể là cấp phó của nhau",
        Chain::BodiesUnder => "các chủ thể trực thuộc nhau",
        Chain::BodiesHeading => "các chủ thể đứng đầu nhau",
        Chain::BodyClasses => "các loại chủ thể thuộc nhau",
        Chain::TasksFollowing => "các nhiệm vụ theo nhau",
        Chain::Classifications => "các dữ kiện xếp loại theo nhau",
        Chain::Cases => "các quy định dẫn trường hợp của nhau",
        Chain::Displacement => "các quy định được ưu tiên so với nhau",
        Chain::Acts => "hiệu lực của các quy định phụ thuộc vào chính mình",
    }
}

const fn line(line: Line) -> &'static str {
    match line {
        Line::KindOfDocument => "loại văn bản",
        Line::Issued => "ngày ban hành",
        Line::Issuer => "cơ quan ban hành",
        Line::InForce => "dòng `có hiệu lực từ ngày …`",
        Line::Rank => "dòng `thứ bậc …`",
        Line::TableKey => "dòng `theo …`",
        Line::TableRows => "các dòng của bảng",
        Line::FactDomain => "dòng `là …`",
        Line::FactValues => "các giá trị",
        Line::Ask => "dòng `hỏi …`",
        Line::Expectation => "dòng `kết quả …`",
        Line::DocumentOfAddress => "văn bản của địa chỉ",
    }
}

const fn missing(line: Line) -> &'static str {
    match line {
        Line::KindOfDocument => "viết dưới tên văn bản, ví dụ `luật, ban hành ngày 29/11/2013 bởi …`",
        Line::Issued => {
            "viết ví dụ `luật, ban hành ngày 29/11/2013 bởi …`, hoặc `ban hành chưa kiểm chứng` khi không rõ ngày"
        }
        Line::Issuer => "thêm `bởi …`, hoặc `của …` sau số văn bản",
        Line::InForce => "viết `có hiệu lực từ ngày` và ngày đó",
        Line::Rank => "viết ví dụ `thứ bậc 90`",
        Line::TableKey => "viết ví dụ `theo lĩnh vực`",
        Line::TableRows => "viết bên dưới, ví dụ `đất đai: 500 triệu đồng`",
        Line::FactDomain => "viết ví dụ `là có hoặc không`, `là một trong` hoặc `là số thập phân tính bằng ha`",
        Line::FactValues => "viết các giá trị dưới dòng `là một trong`, mỗi giá trị một dòng",
        Line::Ask => "viết ví dụ `hỏi NHIỆM VỤ tại phường \"…\" ngày 01/07/2025`",
        Line::Expectation => "viết ví dụ `kết quả do … quyết định theo khoản 1 Điều … của …`",
        Line::DocumentOfAddress => "thêm `của` và số văn bản",
    }
}

fn shape(shape: &Shape) -> String {
    match shape {
        Shape::Boolean => "dữ kiện có hoặc không".to_owned(),
        Shape::One => "một trong nhiều giá trị".to_owned(),
        Shape::Many => "một hoặc nhiều giá trị".to_owned(),
        Shape::Number { integer: true, .. } => "số nguyên".to_owned(),
        Shape::Number { integer: false, .. } => "số thập phân".to_owned(),
        Shape::Date => "ngày".to_owned(),
        Shape::LevelOrNone => "cấp hành chính hoặc không có".to_owned(),
    }
}

const fn test(shape: &Shape) -> &'static str {
    match shape {
        Shape::Boolean => "chỉ viết dữ kiện, hoặc thêm `không` trước nó",
        Shape::One | Shape::LevelOrNone => "viết `là` và một trong các giá trị",
        Shape::Many => "viết `là` và một trong các giá trị, hoặc thêm `cao nhất`, `thấp nhất`",
        Shape::Number { .. } => "so với một số, ví dụ `>= 5`",
        Shape::Date => "so với một ngày, ví dụ `< 01/07/2025`",
    }
}

fn measure(unit: Option<&str>) -> String {
    unit.map_or_else(|| "không có đơn vị".to_owned(), |unit| format!("bằng `{unit}`"))
}

const fn limit(limit: Limit) -> &'static str {
    match limit {
        Limit::When => "điều kiện về dữ kiện",
        Limit::Cases => "dẫn trường hợp của quy định khác",
        Limit::Under => "`theo`",
        Limit::WithConsent => "`với sự đồng ý`",
        Limit::Former => "`cũ`",
        Limit::OfType => "`thuộc loại`",
        Limit::Table => "mức trong bảng",
        Limit::Place => "nơi",
        Limit::OneOfSeveral => "`một trong các`",
        Limit::EachOther => "`từng … còn lại`",
        Limit::SealOf => "`dùng con dấu của người …`",
    }
}

fn register(kind: &Register) -> String {
    match kind {
        Register::MissingColumn { column } => format!("thiếu cột `{column}`, tệp bị bỏ qua"),
        Register::Unreadable { reason } => format!("dòng không phải CSV: {reason}"),
        Register::CellCount { expected, found } => format!("dòng có {found} ô, dòng đầu có {expected}"),
        Register::MissingValue { column } => format!("`{column}` để trống"),
        Register::BadDate { written } => format!("`{written}` không phải là ngày viết dạng `2025-07-01`"),
        Register::UnknownLevel { written } => format!("không có cấp nào có mã `{written}`"),
        Register::UnknownPortion { written } => format!("`{written}` không phải `whole`, `part` hay `remainder`"),
        Register::EmptyPeriod { from, before } => empty_period(*from, *before),
        Register::Overlap { code, .. } => format!("cùng lúc đã có đơn vị khác mang mã `{code}`"),
        Register::UnknownParent { parent } => format!("không có đơn vị cấp trên nào mang mã `{parent}`"),
        Register::ParentNotAbove { parent } => format!("cấp của `{parent}` không cao hơn cấp của đơn vị"),
        Register::ParentNotThen { parent, on } => format!("ngày {} không có `{parent}`", day(*on)),
        Register::OldCodeNotThen { code, on } => {
            format!("ngay trước ngày {} không có đơn vị nào mang mã `{code}`", day(*on))
        }
        Register::NewCodeNotThen { code, on } => format!("từ ngày {} không có đơn vị nào mang mã `{code}`", day(*on)),
        Register::NoSuccessor { code, on } => format!("`{code}` chấm dứt ngày {} mà không rõ địa bàn về đâu", day(*on)),
        Register::LeftEmpty { code, on } => format!("`{code}` còn từ ngày {} nhưng không có địa bàn", day(*on)),
        Register::SuccessorNotLowest { code, on } => {
            format!("ngày {} địa bàn về `{code}` là đơn vị còn có cấp dưới", day(*on))
        }
        Register::TooManyLocalities { limit } => format!("các lần sắp xếp tạo ra hơn {limit} mảnh địa bàn"),
    }
}
