create type slowlane_test_mood_name as enum ('calm');
create table slowlane_test_mood (mood slowlane_test_mood_name);
insert into slowlane_test_mood values ('calm');
