// What someone types in a field for a date stays as typed, and is read when the form is sent: Wagtail's calendar
// puts this very moment in place of what it cannot read. It runs before a field gets its calendar, so it is no module.
jQuery.fn.datetimepicker.defaults.validateOnBlur = false;
