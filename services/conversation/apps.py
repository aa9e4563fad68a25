from django.apps import AppConfig


class ConversationConfig(AppConfig):
    name = "services.conversation"
    verbose_name = "trao đổi"
