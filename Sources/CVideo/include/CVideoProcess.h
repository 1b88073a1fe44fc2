// What Capture needs of Linux beside V4L2 and Swift's Glibc module leaves out, because it is behind _GNU_SOURCE or in a
// header that the module does not name.

#pragma once

#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>

// pipe2(2) with O_CLOEXEC, and a reading end that does not block: 0, or an errno. The pipe holds `capacity` bytes if
// the kernel grants it; 0 leaves the usual 64 KiB.
int cvideo_pipe(int *reading, int *writing, int capacity);

// posix_spawn_file_actions_addclosefrom_np(3).
int cvideo_close_from(posix_spawn_file_actions_t *actions, int first);

// environ(7), which as a global variable that may change cannot be named in Swift 6.
char **cvideo_environment(void);
