"""The moves of the desk as screens: one row a move. What may be done is `dossiers.transitions`' to say."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.core.workflow import Transition
from services.dossiers import actions
from services.dossiers import transitions as moves
from services.dossiers.models import Dossier

from .findings_forms import ApprovalForm, FindingsForm, MendFindingsForm
from .forms import (
    DeclineForm,
    FeeForm,
    FeePaidForm,
    HandOnForm,
    InterestApprovalForm,
    InterestForm,
    MoveForm,
    ProposalForm,
    ReassignForm,
    RefusalForm,
    ReturnForm,
    StopForm,
    SupplementForm,
    VerificationForm,
)
from .signing_forms import DeliverForm, SignForm


@dataclass(frozen=True)
class MovePage:
    move: Transition
    slug: str  # in its address
    act: Callable[..., Dossier]
    follows: str | Promise  # what the move brings about, said before it is made
    done: str | Promise  # said after it was made
    form: type[MoveForm] | type[FindingsForm] = MoveForm
    one_click: bool = False  # made from the dossier itself; the others have a page of their own
    primary: bool = True
    kind: str = "primary"  # of the button that makes it
    draft: bool = False  # shows the result as it will be
    template: str = "desk/move.html"
    revive: Callable[[dict[str, Any]], dict[str, Any]] = dict  # held arguments out of JSON as they were
    seldom: bool = False  # offered under "Việc khác"

    @property
    def name(self) -> str:
        return self.move.name

    @property
    def label(self) -> str | Promise:
        return self.move.label


PAGES = {
    page.move.name: page
    for page in (
        MovePage(
            moves.ACCEPT,
            "tiep-nhan",
            actions.accept,
            _("Thời hạn giải quyết bắt đầu tính. Công dân nhận Giấy tiếp nhận hồ sơ và hẹn trả kết quả."),
            _("Đã tiếp nhận hồ sơ %(code)s."),
            one_click=True,
        ),
        MovePage(
            moves.HAND_ON,
            "chuyen-xu-ly",
            actions.hand_on,
            _("Hồ sơ chuyển đến người của bước sau; người đó được báo ngay."),
            _("Đã chuyển hồ sơ %(code)s đến bước sau."),
            form=HandOnForm,
            one_click=True,
        ),
        MovePage(
            moves.ASK_CONFIRMATION,
            "gui-xac-nhan",
            actions.ask_confirmation,
            _(
                "Công dân xem lại nội dung sẽ ghi vào kết quả và có một ngày làm việc để đề nghị sửa. Im lặng là đồng ý. "
                "Thời hạn tạm dừng trong khi chờ."
            ),
            _("Đã gửi công dân xác nhận hồ sơ %(code)s."),
            form=FindingsForm,
            draft=True,
            template="desk/findings.html",
        ),
        MovePage(
            moves.APPROVE,
            "dong-y",
            actions.approve,
            _("Hồ sơ đã thẩm định xong và chuyển đến bước sau cùng ý kiến của bạn."),
            _("Đã đồng ý và chuyển hồ sơ %(code)s đến bước sau."),
            form=ApprovalForm,
            draft=True,
            template="desk/findings.html",
        ),
        MovePage(
            moves.RECORD_FINDINGS,
            "ghi-ket-qua-tham-dinh",
            actions.record_findings,
            _(
                "Nội dung này được in vào kết quả. Ghi được đến đâu lưu đến đó, và sửa được cho đến khi kết quả được ký."
            ),
            _("Đã ghi kết quả thẩm định của hồ sơ %(code)s."),
            form=MendFindingsForm,
            primary=False,
            draft=True,
            template="desk/findings.html",
        ),
        MovePage(
            moves.SIGN,
            "ky",
            actions.sign,
            _("Chữ ký số của bạn được đặt lên đúng bản này. Sau khi ký, công dân không rút hồ sơ được nữa."),
            _("Đã ký kết quả của hồ sơ %(code)s."),
            form=SignForm,
            draft=True,
        ),
        MovePage(
            moves.NUMBER,
            "cap-so",
            actions.number,
            _("Kết quả được cấp số tiếp theo trong sổ, chưa gửi đi. Số đã cấp không lấy lại được."),
            _("Đã cấp số cho kết quả của hồ sơ %(code)s."),
            draft=True,
        ),
        MovePage(
            moves.ISSUE,
            "phat-hanh",
            actions.issue,
            _("Cơ quan ký số lên chữ ký của lãnh đạo; kết quả được gửi cho công dân và không sửa được nữa."),
            _("Đã phát hành kết quả của hồ sơ %(code)s."),
            draft=True,
        ),
        MovePage(
            moves.DELIVER,
            "tra-ket-qua",
            actions.deliver,
            _("Ghi lại cách trả và người nhận. Hồ sơ kết thúc; công dân xác nhận đã nhận trên trang của mình."),
            _("Đã trả kết quả hồ sơ %(code)s."),
            form=DeliverForm,
            template="desk/deliver.html",
            revive=DeliverForm.revived,
        ),
        MovePage(
            moves.REQUEST_SUPPLEMENT,
            "yeu-cau-bo-sung",
            actions.request_supplement,
            _(
                "Chỉ được yêu cầu một lần: hãy nêu hết mọi nội dung. Thời hạn tạm dừng cho đến khi công dân gửi bổ sung."
            ),
            _("Đã gửi yêu cầu bổ sung hồ sơ %(code)s."),
            form=SupplementForm,
            template="desk/supplement.html",
            primary=False,
        ),
        MovePage(
            moves.SEND_BACK,
            "tra-lai",
            actions.send_back,
            _("Hồ sơ trở lại bước thẩm định cùng lý do của bạn."),
            _("Đã trả lại hồ sơ %(code)s để thẩm định lại."),
            form=ReturnForm,
            primary=False,
        ),
        MovePage(
            moves.REFUSE,
            "tu-choi",
            actions.refuse,
            _("Hồ sơ kết thúc. Công dân nhận Phiếu từ chối tiếp nhận giải quyết hồ sơ kèm lý do."),
            _("Đã từ chối tiếp nhận hồ sơ %(code)s."),
            form=RefusalForm,
            primary=False,
            kind="warning",
        ),
        MovePage(
            moves.APPROVE_SUPPLEMENT,
            "duyet-bo-sung",
            actions.approve_supplement,
            _("Công dân nhận Phiếu yêu cầu bổ sung. Thời hạn tạm dừng và tính lại từ đầu khi công dân gửi đủ."),
            _("Đã duyệt và gửi yêu cầu bổ sung hồ sơ %(code)s."),
            template="desk/proposal.html",
        ),
        MovePage(
            moves.DECLINE_SUPPLEMENT,
            "khong-duyet-bo-sung",
            actions.decline_supplement,
            _("Công chức thụ lý tiếp tục giải quyết với hồ sơ hiện có."),
            _("Đã trả lại đề nghị bổ sung của hồ sơ %(code)s."),
            form=DeclineForm,
            template="desk/proposal.html",
            primary=False,
        ),
        MovePage(
            moves.RECORD_FEE,
            "da-nop-phi",
            actions.record_fee,
            _("Thời hạn chạy tiếp từ chỗ đã dừng."),
            _("Đã ghi nhận nộp phí, lệ phí của hồ sơ %(code)s."),
            form=FeePaidForm,
        ),
        MovePage(
            moves.ASK_VISIT,
            "moi-den",
            actions.ask_visit,
            _("Công dân được mời chọn lịch hẹn. Thời hạn tạm dừng cho đến khi ghi nhận công dân đã đến."),
            _("Đã mời công dân đến theo hẹn, hồ sơ %(code)s."),
            primary=False,
        ),
        MovePage(
            moves.RECORD_VISIT,
            "cong-dan-da-den",
            actions.record_visit,
            _("Thời hạn chạy tiếp từ chỗ đã dừng."),
            _("Đã ghi nhận công dân đến, hồ sơ %(code)s."),
        ),
        MovePage(
            moves.RECORD_FIRST_VISIT,
            "cong-dan-da-den-tiep-nhan",
            actions.record_visit,
            _("Thời hạn chạy tiếp từ chỗ đã dừng."),
            _("Đã ghi nhận công dân đến, hồ sơ %(code)s."),
        ),
        MovePage(
            moves.ASK_VERIFICATION,
            "hoi-xac-minh",
            actions.ask_verification,
            _(
                "Chỉ được hỏi một lần. Từ nay áp dụng thời hạn dài hơn mà luật cho khi phải xác minh, tính từ lúc tiếp "
                "nhận; công dân được báo ngày hẹn mới và lý do."
            ),
            _("Đã ghi nhận hỏi xác minh, hồ sơ %(code)s."),
            form=VerificationForm,
            primary=False,
            seldom=True,
        ),
        MovePage(
            moves.PROPOSE_SUPPLEMENT,
            "de-nghi-bo-sung",
            actions.propose_supplement,
            _("Sau khi đã tiếp nhận, chỉ được yêu cầu bổ sung khi có căn cứ pháp lý và lãnh đạo phường duyệt."),
            _("Đã trình lãnh đạo yêu cầu bổ sung hồ sơ %(code)s."),
            form=ProposalForm,
            template="desk/supplement.html",
            primary=False,
            seldom=True,
        ),
        MovePage(
            moves.ASK_FEE,
            "yeu-cau-nop-phi",
            actions.ask_fee,
            _("Công dân nhận thông báo số tiền phải nộp. Thời hạn tạm dừng cho đến khi ghi nhận đã nộp."),
            _("Đã gửi thông báo nộp phí, lệ phí của hồ sơ %(code)s."),
            form=FeeForm,
            primary=False,
            seldom=True,
        ),
        MovePage(
            moves.REASSIGN,
            "giao-nguoi-khac",
            actions.reassign,
            _("Bước này chuyển sang người khác; thời hạn của bước không đổi."),
            _("Đã giao hồ sơ %(code)s cho người khác."),
            form=ReassignForm,
            primary=False,
            seldom=True,
        ),
        MovePage(
            moves.STOP,
            "dung-giai-quyet",
            actions.stop,
            _("Hồ sơ kết thúc. Công dân nhận Thông báo dừng giải quyết kèm lý do."),
            _("Đã dừng giải quyết hồ sơ %(code)s."),
            form=StopForm,
            primary=False,
            kind="warning",
            seldom=True,
        ),
        MovePage(
            moves.DECLARE_INTEREST,
            "khai-bao-than-thich",
            actions.declare_interest,
            _("Bạn không xử lý hồ sơ này nữa, trừ khi lãnh đạo phường đồng ý. Việc đang giữ chuyển cho người khác."),
            _("Đã ghi nhận khai báo về hồ sơ %(code)s."),
            form=InterestForm,
            primary=False,
            seldom=True,
        ),
        MovePage(
            moves.APPROVE_INTEREST,
            "dong-y-than-thich",
            actions.approve_interest,
            _("Người đã khai báo quan hệ thân thích được xử lý tiếp hồ sơ này. Tên bạn được ghi cùng sự đồng ý."),
            _("Đã đồng ý. Cán bộ đã khai báo được xử lý tiếp hồ sơ %(code)s."),
            form=InterestApprovalForm,
            primary=False,
            seldom=True,
        ),
    )
}
