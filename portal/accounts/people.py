"""Who may do what: two groups, one workflow, and the demo's people."""

from django.contrib.auth.models import Group, Permission, User
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

WRITER, CHIEF_EDITOR = "Redacteur", "Eindredacteur"
WORKFLOW, TASK = "Controle door de eindredactie", "Lezen en publiceren"

PAGE_PERMISSIONS = {
    WRITER: ["add", "change"],
    CHIEF_EDITOR: ["add", "change", "publish", "lock", "unlock", "bulk_delete"],
}
# Wagtail asks for the permissions of its own image and document models, whatever model a site uses.
COLLECTION_PERMISSIONS = {
    WRITER: [f"{verb}_{model}" for model in ("image", "document") for verb in ("add", "choose")],
    CHIEF_EDITOR: [
        f"{verb}_{model}" for model in ("image", "document") for verb in ("add", "change", "choose", "delete")
    ],
}
MODEL_PERMISSIONS = {
    WRITER: ["access_admin", "add_person", "change_person", "add_organisation", "change_organisation"],
    CHIEF_EDITOR: [
        "access_admin",
        *(
            f"{verb}_{model}"
            for model in ("person", "organisation", "role")
            for verb in ("add", "change", "delete")
        ),
        *(f"{verb}_redirect" for verb in ("add", "change", "delete")),
        *(
            f"{verb}_{model}"
            for model in ("searchpromotion", "synonym")
            for verb in ("add", "change", "delete")
        ),
        "change_portalsettings",
    ],
}


def set_up_groups(home: Page):
    """The two groups with exactly these rights below `home`, and the workflow; Wagtail's own examples go."""
    root = Collection.get_first_root_node()
    for name in (WRITER, CHIEF_EDITOR):
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.set(Permission.objects.filter(codename__in=MODEL_PERMISSIONS[name]))
        wanted = {f"{verb}_page" for verb in PAGE_PERMISSIONS[name]}
        GroupPagePermission.objects.filter(group=group, page=home).exclude(
            permission__codename__in=wanted
        ).delete()
        for permission in Permission.objects.filter(
            codename__in=wanted, content_type__app_label="wagtailcore"
        ):
            GroupPagePermission.objects.get_or_create(group=group, page=home, permission=permission)
        for permission in Permission.objects.filter(
            codename__in=COLLECTION_PERMISSIONS[name],
            content_type__app_label__in=["wagtailimages", "wagtaildocs"],
        ):
            GroupCollectionPermission.objects.get_or_create(
                group=group, collection=root, permission=permission
            )
    Group.objects.filter(name__in=["Moderators", "Editors"], user=None).delete()
    _set_up_workflow(home)


def _set_up_workflow(home: Page):
    workflow, _ = Workflow.objects.get_or_create(name=WORKFLOW)
    task, _ = GroupApprovalTask.objects.get_or_create(name=TASK)
    task.groups.set([Group.objects.get(name=CHIEF_EDITOR)])
    WorkflowTask.objects.get_or_create(workflow=workflow, task=task, defaults={"sort_order": 0})
    WorkflowPage.objects.update_or_create(page=home, defaults={"workflow": workflow})
    Workflow.objects.exclude(pk=workflow.pk).filter(name="Moderators approval").delete()
    GroupApprovalTask.objects.exclude(pk=task.pk).filter(groups=None).delete()


def make_user(
    username: str, password: str, *, email: str = "", group: str = "", is_superuser: bool = False
) -> User:
    """Create or refresh an account; a group gives it rights, a beheerder has all of them."""
    user, _ = User.objects.get_or_create(username=username)
    user.email, user.is_superuser, user.is_staff, user.is_active = email, is_superuser, is_superuser, True
    user.set_password(password)
    user.save()
    user.groups.set(Group.objects.filter(name=group) if group else [])
    return user
