"""Who may do what under /beheer/, by the names of the routes: the lowest level that may, the first line that fits.

What no line names is for beheerders only. Pages are those of another section; what a writer may do with pages of the
own section stands in OWN_PAGES.
"""

from fnmatch import fnmatchcase

EVERYONE, WRITER, CHIEF, BEHEERDER, NOBODY = range(5)

POLICY = [
    # The door.
    ("wagtailadmin_login", EVERYONE),
    ("login_code", EVERYONE),
    ("login_set_up", EVERYONE),
    ("wagtailadmin_password_reset*", EVERYONE),
    ("wagtailadmin_sprite", EVERYONE),
    ("wagtailadmin_javascript_catalog", EVERYONE),
    # What everyone has who is in: the own account, and addresses that do not exist.
    ("wagtailadmin_home", WRITER),
    ("-", WRITER),
    ("wagtailadmin_account", WRITER),
    ("wagtailadmin_logout", WRITER),
    ("wagtailadmin_dismissibles", WRITER),
    ("wagtailadmin_editing_sessions:*", WRITER),
    ("wagtailadmin_block_preview", WRITER),
    ("session_state", WRITER),
    ("second_step", WRITER),
    ("second_step_replace", WRITER),
    ("portal_*", WRITER),
    # Lists that show no more than what someone may see, and choosers for what goes on a page.
    ("lijst_*", WRITER),
    ("wagtailadmin_reports:locked_pages*", CHIEF),
    ("wagtailadmin_reports:*", WRITER),
    ("wagtailadmin_choose_page*", WRITER),
    ("wagtailadmin_tag*", WRITER),
    ("wagtailadmin_explore_root", WRITER),
    ("wagtailadmin_pages:search*", WRITER),
    ("wagtailadmin_pages:type_use*", WRITER),
    ("wagtailadmin_pages:choose_parent", WRITER),
    ("wagtailadmin_pages:confirm_workflow_cancellation", WRITER),
    ("wagtailadmin_workflows:task_chooser*", WRITER),
    ("wagtailadmin_workflows:task_chosen", WRITER),
    ("wagtailadmin_api:pages:action", CHIEF),
    ("wagtailadmin_api:*", WRITER),
    ("wagtailsnippetchoosers_*:create", NOBODY),
    ("wagtailsnippetchoosers_*", WRITER),
    ("wagtailimages_chooser:*", WRITER),
    ("wagtaildocs_chooser:*", WRITER),
    ("wagtailsearchpromotions:chooser*", WRITER),
    # Pictures and documents: a writer adds them, and changes the own ones only.
    ("wagtailimages:index*", WRITER),
    ("wagtailimages:add*", WRITER),
    ("wagtaildocs:index*", WRITER),
    ("wagtaildocs:add*", WRITER),
    ("wagtaildocs:create_multiple_from_uploaded_document", NOBODY),
    ("wagtailimages:*", CHIEF),
    ("wagtaildocs:*", CHIEF),
    # Persons and organisations are added while writing; taking them away is for the eindredactie.
    ("wagtailsnippets_portal_person:delete", CHIEF),
    ("wagtailsnippets_portal_organisation:delete", CHIEF),
    ("wagtailsnippets_portal_person:*", WRITER),
    ("wagtailsnippets_portal_organisation:*", WRITER),
    ("wagtailsnippets_portal_role:*", CHIEF),
    ("wagtailsnippets_search_synonym:*", CHIEF),
    # Municipalities come from CBS: nobody makes or deletes one.
    ("wagtailsnippets_portal_municipality:add", NOBODY),
    ("wagtailsnippets_portal_municipality:copy", NOBODY),
    ("wagtailsnippets_portal_municipality:delete", NOBODY),
    # Pages, of all sections, and what belongs to the whole site.
    ("wagtailadmin_explore*", CHIEF),
    ("wagtailadmin_pages:*", CHIEF),
    ("wagtail_bulk_action", CHIEF),
    ("search_re*", CHIEF),
    ("wagtailsearchpromotions:search_terms*", BEHEERDER),
    ("wagtailsearchpromotions:*", CHIEF),
    ("wagtailredirects:*", CHIEF),
    ("lost:*", CHIEF),
    ("wagtailsettings:*", CHIEF),
    # Left switched on by Wagtail, of use to nobody here.
    ("wagtailadmin_error_test", NOBODY),
    ("wagtailsnippets:index", NOBODY),
]

#: What a writer may do with pages of the own section, beside what the policy gives already.
OWN_PAGES = [
    "wagtailadmin_explore*",
    "wagtailadmin_pages:add",
    "wagtailadmin_pages:preview_on_add",
    "wagtailadmin_pages:usage",
    "wagtailadmin_pages:edit",
    "wagtailadmin_pages:preview_on_edit",
    "wagtailadmin_pages:view_draft",
    "wagtailadmin_pages:copy",
    "wagtailadmin_pages:revisions_index",
    "wagtailadmin_pages:revisions_view",
    "wagtailadmin_pages:revisions_revert",
    "wagtailadmin_pages:revisions_compare",
    "wagtailadmin_pages:workflow_history*",
    "wagtailadmin_pages:history*",
]


def is_allowed(name: str, level: int, *, is_own: bool = False) -> bool:
    """Whether someone of this level may use the route; with pages of the own section where `is_own`."""
    if is_own and any(fnmatchcase(name, pattern) for pattern in OWN_PAGES):
        return True
    lowest = next((lowest for pattern, lowest in POLICY if fnmatchcase(name, pattern)), BEHEERDER)
    return level >= lowest
