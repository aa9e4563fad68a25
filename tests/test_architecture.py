"""The house stays as it is drawn: floors, one writer of state, no orphaned templates, every model accounted for."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
FLOORS = [
    "core",
    "buildings",
    "residence",
    "requests",
    "registry",
    "notices",
    "meetings",
    "upkeep",
    "building_desk",
    "documents",
    "catalogue",
    "dossiers",
    "appointments",
    "conversation",
    "ratings",
    "desk",
    "registers",
    "home",
    "subscriptions",
    "readership",
]  # from the ground up
OURS = ("portal", "buildings", "services", "home")


def sources(*, but: tuple[str, ...] = ()) -> list[Path]:
    found = [path for root in OURS for path in sorted((ROOT / root).rglob("*.py"))]
    return [
        path for path in found if "migrations" not in path.parts and not str(path.relative_to(ROOT)).startswith(but)
    ]


def our_models():
    return [model for config in apps.get_app_configs() if config.label in FLOORS for model in config.get_models()]


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model._meta.label)
def test_relations_point_down_the_floors(model):
    own = FLOORS.index(model._meta.app_label)
    targets = {
        field.related_model._meta.label for field in model._meta.get_fields() if field.concrete and field.is_relation
    }
    upwards = {target for target in targets if target.split(".")[0] in FLOORS[own + 1 :]}

    assert upwards == set()


def test_state_is_written_in_one_place():
    """Only `workflow.apply` assigns a state; the outbox keeps its own rows."""
    writers = []
    for path in sources(but=("portal/core/workflow.py", "portal/core/outbox.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            targets = node.targets if isinstance(node, ast.Assign) else []
            if any(isinstance(target, ast.Attribute) and target.attr == "state" for target in targets):
                writers.append(f"{path.relative_to(ROOT)}:{node.lineno}")
            is_update = isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "update"
            if is_update and any(keyword.arg == "state" for keyword in node.keywords):
                writers.append(f"{path.relative_to(ROOT)}:{node.lineno}")

    assert writers == []


def test_views_never_start_from_all_dossiers():
    """A view fetches through what the user may see, so that a stranger gets 404."""
    loose = re.compile(
        r"\b(Dossier|Attachment|IssuedDocument|Notification|Step)\.objects\.(?!visible_to|owned_by|filled_in_by|at_desk_of)"
    )
    allowed = {("services/dossiers/views/lookup.py", "Dossier"), ("services/documents/views.py", "IssuedDocument")}
    found = {
        (str(path.relative_to(ROOT)), match[1])
        for path in sources()
        if "views" in path.stem or "views" in path.parts
        for match in loose.finditer(path.read_text())
    }

    assert found - allowed == set()


def test_every_template_is_used():
    code = "\n".join(path.read_text() for path in [*sources(), *(ROOT / "templates").rglob("*.*")])
    for_tests = {"pdf/example.html"}
    frameworks = ("account/", "mfa/", "usersessions/", "allauth/", "wagtailadmin/", "django/", "wagtailsnippets/")
    named_by_django = {
        "400.html",
        "403.html",
        "403_csrf.html",
        "404.html",
        "409.html",
        "413.html",
        "429.html",
        "500.html",
    }
    unused = []
    for path in sorted((ROOT / "templates").rglob("*.*")):
        name = str(path.relative_to(ROOT / "templates"))
        if name.startswith(frameworks) or name in named_by_django | for_tests:
            continue
        # dossiers/<kind>.html is composed from the kind of slip
        if name.startswith("pdf/dossiers/") or name in code or name.removeprefix("pdf/") in code:
            continue
        if name.startswith("components/") and f'"{path.stem}"' in code:
            continue
        if name.startswith("home/") and path.stem in {
            "root_page",
            "ward_page",
            "announcement_index_page",
            "announcement_page",
        }:
            continue
        unused.append(name)

    assert unused == []


def test_every_model_says_whose_it_is():
    """docs/isolation.md answers for each model: whose ward, who sees it, who writes it, how long it is kept."""
    answered = set(re.findall(r"^\| `([A-Za-z.]+)` \|", (ROOT / "docs/isolation.md").read_text(), re.MULTILINE))

    assert answered == {model._meta.label for model in our_models()}


def test_every_place_and_test_of_the_table_of_rules_exists():
    """docs/rules.md says for each rule where it lives and what shows it; it must not rot."""
    named = re.findall(r"`((?:tests|services|portal|templates)/[^`\s]+)`", (ROOT / "docs" / "rules.md").read_text())
    missing = []
    for name in named:
        path, _colons, test = name.partition("::")
        file = ROOT / path
        if not file.exists() or (test and f"def {test}(" not in file.read_text()):
            missing.append(name)

    assert len(named) > 60
    assert missing == []
