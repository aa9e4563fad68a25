"""Procedures as their authors write them, and their publishing."""

from dataclasses import asdict
from datetime import date, time
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.models import DraftStateMixin, LockableMixin, PreviewableMixin, Revision, RevisionMixin
from wagtail.search import index

from buildings.agencies import AgencyKey
from buildings.models import Ward
from portal.core import page_cache
from portal.core.text import fold
from services.catalogue import checks, conversion
from services.catalogue.authoring import (
    FeesStream,
    FindingsStream,
    LegalBasisStream,
    PapersStream,
    ResultStream,
    SectionsStream,
    StepsStream,
)
from services.catalogue.definition import Definition
from services.catalogue.fields import AuthoredField
from services.catalogue.overview import overview

from .versions import LimitReview, ProcedureVersion


class ProcedureQuerySet(models.QuerySet):
    def published(self, on: date | None = None):
        """What residents may read and file on a day (today): live, and a version of it in force."""
        versions = ProcedureVersion.objects.in_force(on or timezone.localdate()).filter(procedure=OuterRef("pk"))
        return self.filter(Exists(versions), live=True)

    def offered_in(self, ward: Ward, on: date | None = None):
        """Published and offered by this ward: those that name no ward are offered by all."""
        through = Procedure.wards.through.objects.filter(procedure=OuterRef("pk"))
        return self.published(on).filter(~Exists(through) | Exists(through.filter(ward=ward)))

    def matching(self, query: str):
        """Those whose name, code or other names hold every word, with diacritics or without."""
        found = self
        for word in fold(query).split()[:10]:
            found = found.filter(folded__contains=word)
        return found


class Procedure(DraftStateMixin, LockableMixin, RevisionMixin, PreviewableMixin, index.Indexed, ClusterableModel):
    """A public service (thủ tục hành chính) as content. Public once published; drafts are its authors'.

    Residents never fill in this row: publishing freezes its `definition()` as a `ProcedureVersion`,
    and a dossier keeps the version it was begun under. Kept for good, unpublished when abolished.
    """

    class Area(models.TextChoices):
        CIVIL_STATUS = "civil_status", _("Hộ tịch")
        CERTIFICATION = "certification", _("Chứng thực")
        RESIDENCE = "residence", _("Cư trú")
        SOCIAL = "social", _("Bảo trợ xã hội")
        HOUSING = "housing", _("Nhà ở và nhà chung cư")
        OTHER = "other", _("Lĩnh vực khác")

    class Level(models.IntegerChoices):
        # Named by the pilot's levels; NĐ 42/2022 renamed them, NĐ 224/2026 art. 14 keeps the reason.
        FULL = 4, _("Toàn trình (mức 4): làm trọn vẹn trên mạng")
        PARTIAL = 3, _("Một phần (mức 3): phải đến phường một lần")

    class LimitKind(models.TextChoices):
        SAME_DAY = "same_day", _("Trong ngày làm việc")
        WORKING_DAYS = "working_days", _("Số ngày làm việc")
        DAYS = "days", _("Số ngày, tính cả ngày nghỉ")
        WORKING_MINUTES = "working_minutes", _("Số phút làm việc")

    class SlipFamily(models.TextChoices):
        ONE_STOP = "mot_cua", _("Một cửa (mẫu 01–07)")
        RESIDENCE = "cu_tru", _("Cư trú, của Công an (CT04, CT05, CT06)")

    code = models.CharField(
        _("mã thủ tục"),
        max_length=20,
        unique=True,
        validators=[RegexValidator(r"^\d\.\d{6}$", _("Mã thủ tục có dạng 1.004873."))],
        help_text=_("Mã trên Cơ sở dữ liệu quốc gia về thủ tục hành chính, ví dụ 1.004873."),
    )
    slug = models.SlugField(_("tên trong địa chỉ"), max_length=80, unique=True)
    name = models.CharField(_("tên thủ tục"), max_length=200)
    area = models.CharField(_("lĩnh vực"), max_length=20, choices=Area, default=Area.CIVIL_STATUS)
    keywords = models.CharField(
        _("tên gọi khác"),
        max_length=300,
        blank=True,
        help_text=_("Cách người dân vẫn gọi, để tìm thấy: “giấy độc thân”. Cách nhau bằng dấu phẩy."),
    )
    purpose = models.TextField(_("dùng để làm gì"), help_text=_("Một hai câu, nói với người dân."))
    eligibility = models.TextField(
        _("ai nộp, nộp ở đâu"), blank=True, help_text=_("Ai được nộp và phường nào có thẩm quyền giải quyết.")
    )
    wards = ParentalManyToManyField(
        Ward,
        blank=True,
        related_name="+",
        verbose_name=_("phường có thủ tục này"),
        help_text=_("Không chọn phường nào nghĩa là mọi phường."),
    )

    level = models.PositiveSmallIntegerField(_("mức độ"), choices=Level, default=Level.FULL)
    presence_reason = models.TextField(
        _("vì sao phải đến phường"), blank=True, help_text=_("Bắt buộc với mức 3; người dân đọc trước khi điền.")
    )
    visit_purpose = models.CharField(
        _("đến phường để làm gì"),
        max_length=200,
        blank=True,
        help_text=_("Bắt buộc với mức 3: ký, đối chiếu bản chính…"),
    )
    visit_minutes = models.PositiveSmallIntegerField(
        _("buổi đó mất bao nhiêu phút"), default=30, validators=[MinValueValidator(5), MaxValueValidator(480)]
    )
    agency = models.CharField(
        _("cơ quan giải quyết"),
        max_length=12,
        choices=AgencyKey,
        default=AgencyKey.COMMITTEE,
        help_text=_("Người đứng đầu cơ quan này ký; văn bản mang tên, số và chữ ký số của cơ quan này."),
    )
    decided_by = models.CharField(_("người quyết định"), max_length=150)
    limit_kind = models.CharField(_("cách tính thời hạn"), max_length=20, choices=LimitKind, default=LimitKind.SAME_DAY)
    limit_amount = models.PositiveIntegerField(
        _("số ngày hoặc số phút"), default=0, validators=[MaxValueValidator(100_000)]
    )
    limit_cutoff = models.TimeField(
        _("giờ chốt trong ngày"), default=time(15), help_text=_("Hồ sơ nhận sau giờ này trả kết quả ngày làm việc sau.")
    )
    limit_note = models.CharField(_("ghi chú về thời hạn"), max_length=300, blank=True)
    legal_limit_kind = models.CharField(
        _("thời hạn luật định"),
        max_length=20,
        choices=LimitKind,
        blank=True,
        help_text=_("Để trống khi thời hạn cam kết ở trên chính là thời hạn luật định."),
    )
    legal_limit_amount = models.PositiveIntegerField(
        _("số ngày hoặc số phút luật định"), default=0, validators=[MaxValueValidator(100_000)]
    )
    legal_limit_note = models.CharField(_("ghi chú về thời hạn luật định"), max_length=300, blank=True)
    verification_limit_kind = models.CharField(
        _("thời hạn khi phải xác minh"),
        max_length=20,
        choices=LimitKind,
        blank=True,
        help_text=_("Khi luật cho thêm thời gian để hỏi cơ quan khác. Để trống khi không có."),
    )
    verification_limit_amount = models.PositiveIntegerField(
        _("số ngày hoặc số phút khi phải xác minh"), default=0, validators=[MaxValueValidator(100_000)]
    )
    verification_limit_note = models.CharField(_("ghi chú về thời hạn khi phải xác minh"), max_length=300, blank=True)
    decision_number = models.CharField(
        _("số quyết định rút ngắn thời hạn"),
        max_length=60,
        blank=True,
        help_text=_("Ghi khi đổi thời hạn cam kết; người dân đọc được ở trang của thủ tục."),
    )
    decision_date = models.DateField(_("ngày quyết định"), null=True, blank=True)
    decision_reason = models.CharField(_("lý do rút ngắn"), max_length=300, blank=True)
    transfer_cutoff = models.TimeField(
        _("giờ chốt chuyển hồ sơ"),
        null=True,
        blank=True,
        help_text=_("Nhận sau giờ này thì chuyển đầu ngày làm việc sau. Để trống: theo bộ quy tắc chung."),
    )
    effective_from = models.DateField(
        _("có hiệu lực từ ngày"), null=True, blank=True, help_text=_("Để trống: ngay khi công bố.")
    )
    effective_to = models.DateField(
        _("có hiệu lực đến hết ngày"), null=True, blank=True, help_text=_("Để trống: đến khi có phiên bản sau.")
    )
    slip_family = models.CharField(_("bộ mẫu giấy tờ"), max_length=20, choices=SlipFamily, default=SlipFamily.ONE_STOP)
    fees = AuthoredField(FeesStream, blank=True, verbose_name=_("phí, lệ phí"))
    legal_basis = AuthoredField(LegalBasisStream, blank=True, verbose_name=_("căn cứ pháp lý"))

    sections = AuthoredField(SectionsStream, blank=True, verbose_name=_("các trang của tờ khai"))
    papers = AuthoredField(PapersStream, blank=True, verbose_name=_("giấy tờ kèm theo"))
    declaration = models.TextField(_("lời cam đoan trước khi gửi"), blank=True)
    confirm_draft = models.BooleanField(
        _("người dân xác nhận lại tờ khai"),
        default=False,
        help_text=_("Công chức gửi lại tờ khai hộ tịch đã điền; một ngày làm việc không trả lời là đồng ý."),
    )
    steps = AuthoredField(StepsStream, blank=True, verbose_name=_("các bước giải quyết"))
    findings = AuthoredField(
        FindingsStream,
        blank=True,
        verbose_name=_("nội dung công chức ghi khi thẩm định"),
        help_text=_("Điều người dân không tự khai: mức độ khuyết tật, số định danh mới cấp, số và quyển đăng ký…"),
    )

    result_title = models.CharField(_("tên văn bản kết quả"), max_length=200)
    result_book = models.SlugField(
        _("sổ cấp số"), max_length=40, help_text=_("Số chạy từ 01 mỗi năm trong sổ này, ví dụ xntthn.")
    )
    result_suffix = models.CharField(
        _("ký hiệu sau số"), max_length=40, help_text=_("UBND-XNTTHN cho số 05/UBND-XNTTHN.")
    )
    result_blocks = AuthoredField(ResultStream, blank=True, verbose_name=_("nội dung văn bản kết quả"))

    folded = models.TextField(editable=False, default="")

    objects = ProcedureQuerySet.as_manager()

    search_fields: ClassVar = [
        index.SearchField("folded"),
        index.AutocompleteField("folded"),
        index.FilterField("live"),
        index.FilterField("area"),
    ]

    class Meta:
        ordering: ClassVar = ["area", "name"]
        verbose_name = _("thủ tục")
        verbose_name_plural = _("thủ tục")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(level=3) | ~Q(presence_reason="") | Q(live=False),
                name="procedure_partial_says_why",
                violation_error_message=_("Thủ tục mức 3 phải nói vì sao người dân cần đến phường."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, **kwargs) -> None:
        self.folded = fold(" ".join((self.name, self.code, self.keywords, self.purpose)))
        if kwargs.get("update_fields"):
            kwargs["update_fields"] = {*kwargs["update_fields"], "folded"}
        super().save(**kwargs)
        if page_cache.shows(self, kwargs.get("update_fields")):
            # All wards: it may have been taken from some of them.
            wards = Ward.objects.values_list("pk", flat=True)
            page_cache.purge(page_cache.FRONT, *map(page_cache.ward, wards))

    def address_in(self, ward: Ward) -> str:
        """Its public page under a ward."""
        return reverse("catalogue:procedure", args=[ward.slug, self.slug])

    @cached_property
    def current(self) -> "ProcedureVersion | None":
        """The version in force today, under which new dossiers are filed; None when there is none."""
        return self.versions.in_force(timezone.localdate()).first()

    @property
    def latest(self) -> "ProcedureVersion | None":
        """The version published last, in force or not yet."""
        return self.versions.order_by("-number").first()

    def clean(self) -> None:
        super().clean()
        if self.effective_from and self.effective_to and self.effective_to < self.effective_from:
            raise ValidationError({"effective_to": _("Ngày hết hiệu lực không thể trước ngày có hiệu lực.")})
        if self.decision_number and not self.decision_date:
            raise ValidationError({"decision_date": _("Hãy ghi ngày của quyết định.")})

    def definition(self) -> Definition:
        """What is written here now, typed. A draft may be incomplete: see `check_complete`."""
        return conversion.definition_of(self)

    def rewrite(self, definition: Definition) -> None:
        """Put a definition in place of what is written here; nothing is saved."""
        conversion.rewrite(self, definition)

    def check_complete(self) -> None:
        """Raises ValidationError, beside each input, unless residents could file this as it stands."""
        if found := checks.mistakes(self.definition()):
            raise checks.as_validation_error(found)

    # --- Publishing ------------------------------------------------------------------------------

    def publish(self, revision: Revision, user: Any = None, **kwargs: Any) -> None:
        """Publish a revision and freeze what it says, both or neither.

        However it comes about (admin, schedule, command), nothing incomplete goes public: raises
        ValidationError. A revision that says the same as the version before makes no new one.
        """
        revision.as_object().check_complete()
        with transaction.atomic():
            # Held so that two publications at once get two numbers.
            Procedure.objects.select_for_update().get(pk=self.pk)
            super().publish(revision, user=user, **kwargs)
            published = Procedure.objects.get(pk=self.pk)
            if published.live and published.live_revision_id == revision.pk:  # not only scheduled
                published._freeze(by=user)
        self.__dict__.pop("current", None)

    def _freeze(self, *, by: Any) -> None:
        says, latest = self.definition(), self.latest
        if latest and latest.spec.to_json() == says.to_json() and latest.period == self.period:
            return
        version = ProcedureVersion.objects.create(
            procedure=self,
            number=latest.number + 1 if latest else 1,
            definition=says.to_json(),
            published_at=self.last_published_at,
            published_by=by,
            effective_from=self.effective_from,
            effective_to=self.effective_to,
        )
        before = latest.spec.limit if latest else says.legal_limit
        decision = says.limit_decision
        decided = decision and not self.limit_reviews.filter(decision_number=decision.number).exists()
        if decision and decided and before and checks.limit_minutes(before) != checks.limit_minutes(says.limit):
            LimitReview.objects.create(
                procedure=self,
                version=version,
                old_limit=asdict(before),
                new_limit=asdict(says.limit),
                decision_number=decision.number,
                decision_date=decision.day,
                reason=decision.reason,
                minutes_saved=checks.limit_minutes(before) - checks.limit_minutes(says.limit),
            )

    @property
    def period(self) -> tuple[date | None, date | None]:
        return self.effective_from, self.effective_to

    # --- Preview ---------------------------------------------------------------------------------

    def get_preview_template(self, request, mode_name: str) -> str:
        return "catalogue/procedure.html"

    def get_preview_context(self, request, mode_name: str) -> dict[str, Any]:
        ward = Ward.objects.open().first()
        return {"request": request, "ward": ward, "procedure": self, "is_preview": True, **overview(self.definition())}
