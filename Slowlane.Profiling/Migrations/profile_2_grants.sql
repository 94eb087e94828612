-- What the type "profile" does as slowlane_job: in a file of its own, so that it reaches tables made before there was the role.
grant insert on slowlane.profile, slowlane.profile_column to slowlane_job;
