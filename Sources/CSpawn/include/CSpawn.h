// What starting a program asks of Linux and Swift's Glibc module leaves out, because it is behind _GNU_SOURCE or in a
// header that the module does not name. A thin shim that holds no state.

#pragma once

#include <spawn.h>
#include <sys/eventfd.h>

// pipe2(2) with O_CLOEXEC: the reading and the writing end. 0, or an errno.
int cspawn_pipe(int *reading, int *writing);

// fcntl(2), O_NONBLOCK.
void cspawn_set_nonblocking(int descriptor);

// posix_spawn_file_actions_addclosefrom_np(3): from `first` on, no descriptor reaches the program.
int cspawn_close_from(posix_spawn_file_actions_t *actions, int first);
