enum PhiDaemonPlaceholder {}
