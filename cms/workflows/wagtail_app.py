from wagtail.admin.apps import WagtailAdminAppConfig


class AdministrationAppConfig(WagtailAdminAppConfig):
    """Wagtail's own app, without its mails on workflows: `cms.workflows.notifications` writes these."""

    def ready(self) -> None:
        super().ready()
        from wagtail.models import WorkflowState
        from wagtail.signals import workflow_approved, workflow_rejected, workflow_submitted

        for signal, event in (
            (workflow_submitted, "submitted"),
            (workflow_rejected, "rejected"),
            (workflow_approved, "approved"),
        ):
            signal.disconnect(sender=WorkflowState, dispatch_uid=f"workflow_state_{event}_email_notification")
