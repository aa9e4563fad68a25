"""Positions: what a person may do, in words, in one place (domain.md §1.1).

To add a position: one entry here. A step of a procedure is owed by a position; a person fills it
through a `Membership`. Who may do what to *this* object now is each domain's `permissions.py`.
"""

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Position(models.TextChoices):
    CLERK = "clerk", _("Cán bộ tiếp nhận và trả kết quả")
    SPECIALIST = "specialist", _("Công chức thụ lý")
    REGISTRY_CLERK = "registry_clerk", _("Văn thư")
    LEADER = "leader", _("Lãnh đạo UBND phường")
    POLICE_OFFICER = "police_officer", _("Cán bộ Công an phường")
    POLICE_HEAD = "police_head", _("Chỉ huy Công an phường")
    WARD_EDITOR = "ward_editor", _("Biên tập viên của phường")
    CULTURE_OFFICER = "culture_officer", _("Công chức Văn hóa – Xã hội")
    BUILDING_MANAGER = "building_manager", _("Nhân viên ban quản lý tòa nhà")
    BUILDING_HEAD = "building_head", _("Trưởng ban quản lý tòa nhà")
    BOARD_CHAIR = "board_chair", _("Trưởng ban quản trị nhà chung cư")
    CATALOGUE_AUTHOR = "catalogue_author", _("Người soạn danh mục thủ tục")
    INSPECTOR = "inspector", _("Đầu mối kiểm soát thủ tục hành chính")
    DISTRICT_LEADER = "district_leader", _("Lãnh đạo cấp trên")


@dataclass(frozen=True)
class Role:
    """A position's place of work and its competence in words, as the glossary and screens show it."""

    position: Position
    duty: str | Promise
    scope: str  # "ward", "building" or "all"
    second_factor: bool = True
    wagtail: bool = False  # signs in to the editors' admin


ROLES: dict[str, Role] = {
    role.position: role
    for role in (
        Role(
            Position.CLERK, _("Tiếp nhận, hướng dẫn, yêu cầu bổ sung, từ chối, trả kết quả; không quyết định"), "ward"
        ),
        Role(Position.SPECIALIST, _("Thẩm định hồ sơ và trình ký"), "ward"),
        Role(Position.REGISTRY_CLERK, _("Cấp số, ký số của cơ quan, phát hành"), "ward"),
        Role(
            Position.LEADER,
            _("Ký kết quả, phân công, duyệt thông báo, chịu trách nhiệm về thời hạn"),
            "ward",
            wagtail=True,
        ),
        Role(
            Position.POLICE_OFFICER,
            _("Tiếp nhận, thẩm định, cấp số và trả kết quả hồ sơ cư trú của Công an phường"),
            "ward",
        ),
        Role(Position.POLICE_HEAD, _("Ký kết quả của Công an phường, chịu trách nhiệm về thời hạn"), "ward"),
        Role(Position.WARD_EDITOR, _("Viết nội dung của phường mình và gửi duyệt"), "ward", wagtail=True),
        Role(Position.CULTURE_OFFICER, _("Duyệt, đăng và gỡ nội dung của phường mình"), "ward", wagtail=True),
        Role(
            Position.BUILDING_MANAGER, _("Xác nhận cư dân, xử lý phản ánh của tòa nhà"), "building", second_factor=False
        ),
        Role(
            Position.BUILDING_HEAD,
            _("Chịu trách nhiệm trước cư dân về thời hạn; duyệt giải trình, ký thư xin lỗi, xuất bản thông báo"),
            "building",
            second_factor=False,
        ),
        Role(
            Position.BOARD_CHAIR,
            _("Đại diện chủ sở hữu, giám sát ban quản lý, triệu tập hội nghị nhà chung cư"),
            "building",
            second_factor=False,
        ),
        Role(Position.CATALOGUE_AUTHOR, _("Soạn và công bố thủ tục cho mọi phường"), "all", wagtail=True),
        Role(Position.INSPECTOR, _("Theo dõi thời hạn, kiểm tra công vụ"), "all"),
        Role(Position.DISTRICT_LEADER, _("Theo dõi kết quả của các phường"), "all"),
    )
}

# The one-stop desk has to do with every dossier of its ward; the ward's police with those the police decide.
ONE_STOP_POSITIONS = (Position.CLERK, Position.SPECIALIST, Position.REGISTRY_CLERK, Position.LEADER)
POLICE_POSITIONS = (Position.POLICE_OFFICER, Position.POLICE_HEAD)
# Whoever works on dossiers.
DESK_POSITIONS = (*ONE_STOP_POSITIONS, *POLICE_POSITIONS)
# Whoever works for a building; the board (Ban quản trị) looks on, and convenes the owners' meeting.
OPERATOR_POSITIONS = (Position.BUILDING_MANAGER, Position.BUILDING_HEAD)
BUILDING_POSITIONS = (*OPERATOR_POSITIONS, Position.BOARD_CHAIR)
# Whoever must use a second factor outside the demo.
GUARDED_POSITIONS = tuple(role.position for role in ROLES.values() if role.second_factor)
EDITOR_POSITIONS = tuple(role.position for role in ROLES.values() if role.wagtail)
# What a ward says in public is let out by someone who answers for it: its culture officer or a leader.
APPROVER_POSITIONS = (Position.CULTURE_OFFICER, Position.LEADER)
