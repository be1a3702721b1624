"""What a calendar program reads without a login; joined as `public:` in clientdesk.urls."""

from django.urls import path

from clientdesk.desk.views import calendar

urlpatterns = [path("calendar/<str:token>.ics", calendar.feed, name="calendar")]
