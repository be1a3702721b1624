"""What the frame of every page shows: the workspace, the way around, and what one may do."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from billing.queries.lists import late_count
from clientdesk import clock
from clientdesk.workspaces.access import Can
from clientdesk.workspaces.models import Membership, Workspace
from feedback.models import Request


@dataclass(frozen=True, slots=True)
class Entry:
    """One way to a page of the workspace."""

    tab: str
    label: str
    icon: str
    url: str
    keys: str = ""
    current: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Shell:
    main: list[Entry]
    foot: list[Entry]
    bar: list[Entry]
    home: str
    search: str
    palette: str


THEME = "theme"
THEMES = ("light", "dark")
# Which tab is open, by the beginning of the URL's name; the longest that fits wins.
TABS = {
    "desk:today": "today",
    "desk:log": "log",
    "desk:forecast": "today",
    "desk:client": "clients",
    "desk:reports": "reports",
    "desk:activity": "activity",
    "desk:outbox": "outbox",
    "desk:message": "outbox",
    "desk:settings": "settings",
    "desk:letter": "settings",
    "workspaces:": "settings",
    "feedback:": "waiting",
    "feedback:ladder": "settings",
    "feedback:chance": "clients",
    "feedback:project": "clients",
    "feedback:talk": "clients",
    "clients:": "clients",
    "offboarding:": "clients",
    "billing:": "invoices",
    "billing:settings": "settings",
    "billing:ladder": "settings",
    "billing:client_ladder": "settings",
    "billing:invoice_ladder": "settings",
    "billing:money_settings": "settings",
    "billing:import": "settings",
}


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of every page; costs nothing until a template asks, and is empty outside a workspace.

    The figures beside the tabs take two counts, unless the view has them already and says so in
    `request.shell_counts`: {"waiting": 5, "late": 2}.
    """
    workspace: Workspace | None = getattr(request, "workspace", None)
    membership: Membership | None = getattr(request, "membership", None)
    if workspace is None or membership is None:
        return {}
    return {
        "theme": chosen_theme(request),
        "workspace": workspace,
        "membership": membership,
        "can": {can.value: membership.can(can) for can in Can},
        "today": SimpleLazyObject(lambda: workspace.local_today(clock.now())),
        "shell": SimpleLazyObject(lambda: _shell(request, workspace, membership)),
    }


def _shell(request: HttpRequest, workspace: Workspace, membership: Membership) -> Shell:
    tab = open_tab(request)
    counts = getattr(request, "shell_counts", None) or _counts(workspace, membership)
    waiting, late = counts.get("waiting", 0), counts.get("late", 0)

    def entry(
        tab_name: str,
        label: str,
        icon: str,
        name: str,
        *,
        needs: Can = Can.SEE_DESK,
        keys: str = "",
        note: str = "",
    ) -> list[Entry]:
        url = _url(name, workspace)
        if not url or not membership.can(needs):
            return []
        return [Entry(tab_name, label, icon, url, keys, tab_name == tab, note)]

    today = entry("today", _("Today"), "sun", "desk:today", keys="g t")
    waiting_entry = entry(
        "waiting",
        _("Waiting"),
        "hourglass",
        "feedback:waiting",
        needs=Can.SEE_WORK,
        keys="g w",
        note=str(waiting or ""),
    )
    clients = entry(
        "clients", _("Clients"), "users", "clients:list", needs=Can.SEE_WORK, keys="g c"
    )
    invoices = entry(
        "invoices",
        _("Invoices"),
        "receipt-text",
        "billing:list",
        needs=Can.SEE_MONEY,
        keys="g i",
        note=_("%(n)s late") % {"n": late} if late else "",
    )
    reports = entry(
        "reports",
        _("Reports"),
        "chart-no-axes-column",
        "desk:reports",
        needs=Can.SEE_MONEY,
        keys="g r",
    )
    log = entry("log", _("Log"), "plus", "desk:log", needs=Can.CHANGE_WORK)
    paused = _("paused") if workspace.sending_paused else ""
    foot = [
        *entry("activity", _("Activity"), "history", "desk:activity"),
        *entry("outbox", _("Outbox"), "inbox", "desk:outbox", note=paused),
        *entry("settings", _("Settings"), "settings", "desk:settings"),
        Entry("", _("Workspaces"), "briefcase", f"{reverse('workspaces:choose')}?all"),
        Entry("", _("Sign out"), "log-out", reverse("account_logout")),
    ]
    return Shell(
        main=[*today, *waiting_entry, *clients, *invoices, *reports],
        foot=foot,
        bar=[*today, *clients, *log, *waiting_entry, *invoices],
        home=_url("desk:today", workspace),
        search=_url("desk:search", workspace),
        palette=_url("desk:palette", workspace),
    )


def chosen_theme(request: HttpRequest) -> str:
    """ "light" or "dark" where it was chosen on this device; else the system decides."""
    theme = request.COOKIES.get(THEME, "")
    return theme if theme in THEMES else ""


def open_tab(request: HttpRequest) -> str:
    match = request.resolver_match
    name = match.view_name if match else ""
    fitting = [prefix for prefix in TABS if name.startswith(prefix)]
    return TABS[max(fitting, key=len)] if fitting else ""


def _url(name: str, workspace: Workspace) -> str:
    """Empty where no such page exists: no entry leads nowhere."""
    try:
        return reverse(name, kwargs={"workspace": workspace.slug})
    except NoReverseMatch:
        return ""


def _counts(workspace: Workspace, membership: Membership) -> dict[str, int]:
    today = workspace.local_today(clock.now())
    counts = {}
    if membership.can(Can.SEE_WORK):
        counts["waiting"] = Request.objects.open().count()
    if membership.can(Can.SEE_MONEY):
        counts["late"] = late_count(on=today)
    return counts
