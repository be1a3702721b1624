from django.urls import path

from clients.views import clients, log, work

app_name = "clients"
urlpatterns = [
    path("clients/", clients.client_list, name="list"),
    path("clients/new/", clients.new, name="new"),
    path("clients/<slug:slug>/details/", clients.edit, name="edit"),
    path("clients/<slug:slug>/people/new/", clients.contact, name="contact_new"),
    path("clients/<slug:slug>/people/<int:pk>/", clients.contact, name="contact"),
    path("clients/<slug:slug>/agreement/", work.agreement, name="agreement"),
    path("clients/<slug:slug>/agreement/<int:pk>/", work.agreement_change, name="agreement_change"),
    path("clients/<slug:slug>/projects/new/", work.project, name="project_new"),
    path("clients/<slug:slug>/projects/<int:pk>/details/", work.project, name="project"),
    path("clients/<slug:slug>/projects/<int:pk>/deliver/", work.deliver, name="deliver"),
    path("clients/<slug:slug>/accounts/new/", work.account, name="account_new"),
    path("clients/<slug:slug>/accounts/<int:pk>/", work.account, name="account"),
    path("clients/<slug:slug>/results/new/", work.result, name="result_new"),
    path("clients/<slug:slug>/stop/", work.stop, name="stop"),
    path("clients/<slug:slug>/stop/<int:pk>/resume/", work.resume, name="resume"),
    path("clients/<slug:slug>/stop/<int:pk>/keep/", work.keep_stopped, name="keep_stopped"),
    path("clients/<slug:slug>/entries/new/", log.new, name="entry_new"),
    path("clients/<slug:slug>/entries/<int:pk>/", log.edit, name="entry"),
    path("clients/<slug:slug>/entries/<int:pk>/history/", log.history, name="history"),
    path("clients/<slug:slug>/entries/<int:pk>/attach/", log.attach_file, name="attach"),
    path("follow-ups/<int:pk>/", log.follow_up, name="follow_up"),
]
