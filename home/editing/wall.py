"""The wall between wards in the editors' admin.

Wagtail does not isolate tenants: choosers, reports, snippets, dialogs and its API show every ward's
drafts and names. So its admin is opened address by address: a
name below is let through, and only when each object it names in its address is the editor's own.
Everything else is 404, whatever Wagtail adds in its next version. Wagtail's own permissions stand
behind this wall, and `references.py` checks what is saved.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.urls import ResolverMatch

from .editors import Scope, holds

Owned = Callable[[Scope], QuerySet]
# Argument of the address (a name, or its place when it has none) → among what it must be found.
Named = Mapping[str | int, Owned]

PAGE, ANNOUNCEMENT, PICTURE, FILE = Scope.pages, Scope.announcements, Scope.pictures, Scope.files
TASK, TASK_STATE, WORKFLOW_STATE = Scope.tasks, Scope.task_states, Scope.workflow_states

# What shows no content: the frame, its script, and links typed by hand into a text.
FRAME: dict[str, Named] = {
    "wagtailadmin_home": {},
    "wagtailadmin_login": {},
    "wagtailadmin_sprite": {},
    "wagtailadmin_javascript_catalog": {},
    "wagtailadmin_dismissibles": {},
    "wagtailadmin_choose_page_external_link": {},
    "wagtailadmin_choose_page_email_link": {},
    "wagtailadmin_choose_page_phone_link": {},
    "wagtailadmin_choose_page_anchor_link": {},
    "wagtailadmin_block_preview": {},
    # Both ask Wagtail whether this person may change the object before they say anything of it.
    "wagtailadmin_editing_sessions:ping": {},
    "wagtailadmin_editing_sessions:release": {},
}

WARD_EDITOR: dict[str, Named] = FRAME | {
    "wagtailadmin_explore": {"parent_page_id": PAGE},
    "wagtailadmin_explore_results": {"parent_page_id": PAGE},
    "wagtailadmin_pages:search": {},
    "wagtailadmin_pages:search_results": {},
    "wagtailadmin_pages:add_subpage": {"parent_page_id": PAGE},
    "add_page": {"parent_page_id": PAGE},  # in the place of wagtailadmin_pages:add
    "wagtailadmin_pages:preview_on_add": {"parent_page_id": PAGE},
    "edit_page": {"page_id": PAGE},  # in the place of wagtailadmin_pages:edit
    "wagtailadmin_pages:preview_on_edit": {"page_id": PAGE},
    "wagtailadmin_pages:view_draft": {"page_id": PAGE},
    # A ward's home and its list of announcements stay.
    "wagtailadmin_pages:delete": {"page_id": ANNOUNCEMENT},
    "take_down": {"page_id": ANNOUNCEMENT},  # in the place of wagtailadmin_pages:unpublish
    "wagtailadmin_pages:usage": {"page_id": PAGE},
    "wagtailadmin_pages:history": {"page_id": PAGE},
    "wagtailadmin_pages:history_results": {"page_id": PAGE},
    "wagtailadmin_pages:revisions_index": {"page_id": PAGE},
    "wagtailadmin_pages:revisions_view": {"page_id": PAGE},
    "wagtailadmin_pages:revisions_revert": {"page_id": PAGE},
    "wagtailadmin_pages:revisions_unschedule": {"page_id": PAGE},
    "wagtailadmin_pages:revisions_compare": {0: PAGE},
    "wagtailadmin_pages:workflow_action": {"page_id": PAGE, "task_state_id": TASK_STATE},
    "wagtailadmin_pages:collect_workflow_action_data": {"page_id": PAGE, "task_state_id": TASK_STATE},
    "wagtailadmin_pages:confirm_workflow_cancellation": {"page_id": PAGE},
    "wagtailadmin_pages:workflow_preview": {"page_id": PAGE, "task_id": TASK},
    "wagtailadmin_pages:workflow_history": {"page_id": PAGE},
    "wagtailadmin_pages:workflow_history_detail": {"page_id": PAGE, "workflow_state_id": WORKFLOW_STATE},
    "wagtailadmin_choose_page": {},
    "wagtailadmin_choose_page_child": {"parent_page_id": PAGE},
    "wagtailadmin_choose_page_search": {},
    "wagtailimages:index": {},
    "wagtailimages:index_results": {},
    "wagtailimages:add": {},
    "wagtailimages:add_multiple": {},
    "wagtailimages:edit_multiple": {"image_id": PICTURE},
    "wagtailimages:delete_multiple": {"image_id": PICTURE},
    "wagtailimages:edit": {"image_id": PICTURE},
    "wagtailimages:delete": {"image_id": PICTURE},
    "wagtailimages:image_usage": {"image_id": PICTURE},
    "wagtailimages:preview": {"image_id": PICTURE},
    "wagtailimages_chooser:choose": {},
    "wagtailimages_chooser:choose_results": {},
    "wagtailimages_chooser:chosen": {"pk": PICTURE},
    "wagtailimages_chooser:create": {},
    "wagtaildocs:index": {},
    "wagtaildocs:index_results": {},
    "wagtaildocs:add": {},
    "wagtaildocs:add_multiple": {},
    "wagtaildocs:edit_multiple": {"doc_id": FILE},
    "wagtaildocs:delete_multiple": {"doc_id": FILE},
    "wagtaildocs:edit": {"document_id": FILE},
    "wagtaildocs:delete": {"document_id": FILE},
    "wagtaildocs:document_usage": {"document_id": FILE},
    "wagtaildocs_chooser:choose": {},
    "wagtaildocs_chooser:choose_results": {},
    "wagtaildocs_chooser:chosen": {"pk": FILE},
    "wagtaildocs_chooser:create": {},
}

# The portal's own pages for editors and leaders: each looks among the wards of the person alone.
PUBLICITY: dict[str, Named] = {
    f"publicity:{name}": {} for name in ("register", "register_file", "announcement", "withdraw", "release")
}

PROCEDURES: dict[str, Named] = {
    f"wagtailsnippets_catalogue_procedure:{name}": {}
    for name in (
        "list",
        "list_results",
        "add",
        "edit",
        "delete",
        "lock",
        "unlock",
        "preview_on_add",
        "preview_on_edit",
        "history",
        "history_results",
        "revisions_view",
        "revisions_revert",
        "revisions_compare",
        "revisions_unschedule",
        "unpublish",
    )
}
# Its queries hold the days of every ward alone.
HOLIDAYS: dict[str, Named] = {f"holidays:{name}": {} for name in ("index", "index_results", "add", "edit")}
CATALOGUE_AUTHOR = FRAME | PROCEDURES | HOLIDAYS


def lets_through(scope: Scope, match: ResolverMatch) -> bool:
    """Whether this person may open this address of the editors' admin."""
    if scope.writes_catalogue and match.view_name in CATALOGUE_AUTHOR:
        return True
    if scope.keeps_publicity and match.view_name in PUBLICITY:
        return True
    if not scope.ward_ids or match.view_name not in WARD_EDITOR:
        return False
    named = WARD_EDITOR[match.view_name]
    return all(holds(owned(scope), _argument(match, name)) for name, owned in named.items())


def _argument(match: ResolverMatch, name: str | int) -> Any:
    return match.args[name] if isinstance(name, int) else match.kwargs[name]
