-- Jobs end a snooze; nothing looks for them here.
drop index conversations_by_snooze;
