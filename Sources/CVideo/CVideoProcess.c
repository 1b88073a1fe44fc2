#define _GNU_SOURCE
#include "CVideoProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int cvideo_pipe(int *reading, int *writing, int capacity) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0) return errno;
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    if (capacity > 0) fcntl(ends[0], F_SETPIPE_SZ, capacity);
    *reading = ends[0];
    *writing = ends[1];
    return 0;
}

int cvideo_close_from(posix_spawn_file_actions_t *actions, int first) {
    return posix_spawn_file_actions_addclosefrom_np(actions, first);
}

char **cvideo_environment(void) {
    return environ;
}
