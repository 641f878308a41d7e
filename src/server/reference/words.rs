//! The words of the page on which the service describes itself. Its descriptions of parameters and members exist in English.

use crate::syntax::tree::Language;

/// The words of the page itself.
pub(super) struct Words {
    pub(super) tag: &'static str,
    pub(super) other: &'static str,
    pub(super) other_tag: &'static str,
    pub(super) title: &'static str,
    pub(super) lead: &'static str,
    pub(super) addresses: &'static str,
    pub(super) parameters: &'static str,
    pub(super) required: &'static str,
    pub(super) optional: &'static str,
    pub(super) body: &'static str,
    pub(super) answers: &'static str,
    pub(super) shapes: &'static str,
}

impl Words {
    pub(super) const fn of(language: Language) -> Self {
        match language {
            Language::Vietnamese => Self {
                tag: "vi",
                other: "English",
                other_tag: "en",
                title: "Giao diện lập trình",
                lead: "Các địa chỉ của dịch vụ; phần mô tả từng mục bằng tiếng Anh. Bản cho máy đọc:",
                addresses: "Các địa chỉ",
                parameters: "Tham số",
                required: "bắt buộc",
                optional: "có thể không có",
                body: "Nội dung gửi",
                answers: "Trả lời",
                shapes: "Cấu trúc dữ liệu",
            },
            Language::English => Self {
                tag: "en",
                other: "Tiếng Việt",
                other_tag: "vi",
                title: "Reference of the service",
                lead: "The addresses of the service. For programs:",
                addresses: "Addresses",
                parameters: "Parameters",
                required: "required",
                optional: "may be left out",
                body: "Body",
                answers: "Answers",
                shapes: "Shapes",
            },
        }
    }
}

/// What an operation is for, where the document does not say it in this language.
pub(super) fn summary(id: &str, language: Language) -> Option<&'static str> {
    if language == Language::English {
        return None;
    }
    Some(match id {
        "whoDecides" => "Ai quyết định một việc, ở nơi đó, vào ngày đó, với các dữ kiện đó",
        "whoDecidesThis" => "Cũng câu hỏi ấy, viết bằng JSON",
        "whoDecidesAll" => "Nhiều câu hỏi, mỗi dòng một câu; trả lời theo thứ tự, theo một phiên bản quy định",
        "tasks" => "Danh mục việc, hoặc những việc tìm thấy theo từ",
        "task" => "Một việc và những gì có thể hỏi về nó",
        "taskTable" => "Toàn bộ quy định về một việc, thành một cây quyết định",
        "taskTimeline" => "Ai quyết định một việc ở một nơi, qua mọi ngày mà quy định bao quát",
        "units" => "Các đơn vị hành chính của một ngày, hoặc những đơn vị tìm thấy theo từ",
        "unit" => "Một đơn vị vào một ngày: các cơ quan, trước đó là gì, sau đó thành gì",
        "portfolio" => "Mọi việc mà một cơ quan được quyết định ở một đơn vị vào một ngày",
        "document" => "Một văn bản như quy định ghi lại",
        "check" => "Mọi khiếm khuyết của bộ quy định đang dùng",
        "checkTexts" => "Lỗi và khiếm khuyết của văn bản quy định chưa công bố, đặt lên bộ quy định hoặc xét riêng",
        "format" => "Một văn bản quy định viết theo dạng chuẩn, bằng ngôn ngữ của nó hoặc ngôn ngữ kia",
        "diff" => "Giữa hai phiên bản quy định có gì thay đổi: ai quyết định việc gì, ở đâu, từ khi nào",
        "diffTexts" => "Cũng vậy, khi đặt văn bản quy định chưa công bố lên bên mới",
        "audit" => "Các quyết định đã ký: khi đó người ký có thẩm quyền không",
        "versions" => "Những phiên bản đã công bố, mới nhất trước",
        "rules" => "Các tệp của bộ quy định đang dùng hoặc của phiên bản khác",
        "rollback" => "Đề nghị công bố lại một phiên bản cũ",
        "proposals" => "Những đề nghị đang chờ duyệt hoặc chờ ký",
        "propose" => "Đề nghị một phiên bản: được kiểm tra ngay, công bố khi được duyệt",
        "proposal" => "Một đề nghị: thay đổi điều gì, và đã ra sao",
        "withdraw" => "Rút đề nghị đang chờ duyệt",
        "approve" => "Duyệt đề nghị của người khác: được kiểm tra lại rồi công bố",
        "events" => "Mỗi lần công bố, ngay khi có, và làm thay đổi ai quyết định việc gì",
        "accessEvaluation" => "AuthZEN: cơ quan này có được quyết định việc này không",
        "accessEvaluations" => "AuthZEN: nhiều câu hỏi như vậy cùng lúc",
        "searchSubject" => "AuthZEN: những ai được quyết định việc này",
        "authzenConfiguration" => "AuthZEN: các địa chỉ của nơi quyết định",
        "live" => "Tiến trình có đang chạy không",
        "ready" => "Dịch vụ có trả lời được không",
        "openapi" => "Bản mô tả cho máy đọc",
        "reference" => "Trang này",
        "style" => "Cách trình bày trang",
        "page" => "Trang để người dùng hỏi",
        _ => return None,
    })
}

/// What a status means, where the document does not say it in this language.
pub(super) fn status(status: &str, language: Language) -> Option<&'static str> {
    if language == Language::English {
        return None;
    }
    Some(match status {
        "200" => "Câu trả lời.",
        "304" => "Vẫn là câu trả lời của thẻ đã có.",
        "400" => "Tham số sai, hoặc nội dung không phải JSON.",
        "404" => "Không có gì mang tên này.",
        "408" => "Nội dung đến quá chậm.",
        "413" => "Nội dung quá lớn.",
        "415" => "Không nhận loại nội dung này.",
        "422" => "Câu hỏi không trả lời được như đã nêu; `member` cho biết sai ở đâu.",
        "429" => "Nơi gọi này hỏi nhiều lần hơn được phép.",
        "503" => "Dịch vụ không trả lời kịp, hoặc đang có quá nhiều việc cùng loại.",
        "500" => "Lỗi của dịch vụ.",
        _ => return None,
    })
}
