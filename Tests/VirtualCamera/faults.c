// Makes chosen system calls on video devices fail in a program that knows nothing of it.
//
//   CAMERA_FAULTS=FILE LD_PRELOAD=faults.so scenewatchd …
//
// FILE is read again whenever it changes, so that faults may come and go while the program runs; it need not exist at
// the start. Replace it by renaming another file over it, lest half of it is read. Each line is one fault:
//
//   DEVICE CALL NTH WHAT TIMES
//
//   DEVICE  /dev/video0, or * for every /dev/video…
//   CALL    open, mmap, poll, or a video ioctl by its name without VIDIOC_
//   NTH     which of the calls since FILE was changed is the first to fail: 1 for the next
//   WHAT    an errno by name. HANG:MS: the call waits for so long, and is then made. STALL: it does as if no picture
//           came, which DQBUF and poll take together
//   TIMES   how many in a row fail, or `forever`
//
// What was injected is appended to FILE.log: `DEVICE CALL WHAT`.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/videodev2.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define REAL(function) ((__typeof__(&function))dlsym(RTLD_NEXT, #function))

enum { MOST_RULES = 64, MOST_DESCRIPTORS = 4096, STALL = -1, HANG = -2 };

static const struct {
    const char *name;
    int code;
} errors[] = {
#define ERROR(name) {#name, name}
    ERROR(EACCES), ERROR(EAGAIN), ERROR(EBUSY), ERROR(EFAULT), ERROR(EINTR), ERROR(EINVAL), ERROR(EIO), ERROR(EMFILE),
    ERROR(ENODATA), ERROR(ENODEV), ERROR(ENOENT), ERROR(ENOMEM), ERROR(ENOSPC), ERROR(ENOTTY), ERROR(ENXIO),
    ERROR(EPERM), ERROR(EPIPE), ERROR(EPROTO), ERROR(ERANGE), ERROR(ESHUTDOWN), ERROR(ETIMEDOUT),
};

static const struct {
    const char *name;
    unsigned long request;
} requests[] = {
#define REQUEST(name) {#name, VIDIOC_##name}
    REQUEST(QUERYCAP), REQUEST(ENUM_FMT), REQUEST(ENUM_FRAMESIZES), REQUEST(ENUM_FRAMEINTERVALS), REQUEST(G_FMT),
    REQUEST(TRY_FMT), REQUEST(S_FMT), REQUEST(G_PARM), REQUEST(S_PARM), REQUEST(G_INPUT), REQUEST(S_INPUT),
    REQUEST(ENUMINPUT), REQUEST(G_CTRL), REQUEST(S_CTRL), REQUEST(QUERYCTRL), REQUEST(REQBUFS), REQUEST(CREATE_BUFS),
    REQUEST(QUERYBUF), REQUEST(QBUF), REQUEST(DQBUF), REQUEST(STREAMON), REQUEST(STREAMOFF), REQUEST(EXPBUF),
    REQUEST(QUERY_DV_TIMINGS), REQUEST(G_DV_TIMINGS), REQUEST(S_DV_TIMINGS), REQUEST(QUERYSTD),
    REQUEST(SUBSCRIBE_EVENT), REQUEST(UNSUBSCRIBE_EVENT), REQUEST(DQEVENT),
};

struct rule {
    char device[64], call[32], what[32];
    int code, milliseconds;
    long until_first, left;  // `left` is negative for ever
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct rule rules[MOST_RULES];
static int rule_count;
static char devices[MOST_DESCRIPTORS][64];  // what each descriptor is open on; empty unless it is a video device

static int parse(const char *line, struct rule *rule) {
    char times[32];
    if (sscanf(line, "%63s %31s %ld %31s %31s", rule->device, rule->call, &rule->until_first, rule->what, times) != 5) {
        return 0;
    }
    rule->left = strcmp(times, "forever") == 0 ? -1 : atol(times);
    if (strcmp(rule->what, "STALL") == 0) {
        rule->code = STALL;
        return 1;
    }
    if (sscanf(rule->what, "HANG:%d", &rule->milliseconds) == 1) {
        rule->code = HANG;
        return 1;
    }
    for (size_t index = 0; index < sizeof errors / sizeof *errors; index++) {
        if (strcmp(rule->what, errors[index].name) == 0) {
            rule->code = errors[index].code;
            return 1;
        }
    }
    return 0;
}

// Under the lock.
static void read_rules(const char *path) {
    static struct stat last;
    struct stat status = {0};
    if (stat(path, &status) < 0) status = (struct stat){0};
    if (status.st_ino == last.st_ino && status.st_size == last.st_size &&
        memcmp(&status.st_mtim, &last.st_mtim, sizeof last.st_mtim) == 0) {
        return;
    }
    last = status;
    rule_count = 0;
    FILE *file = fopen(path, "re");
    if (!file) return;
    char line[256];
    while (rule_count < MOST_RULES && fgets(line, sizeof line, file)) {
        if (parse(line, &rules[rule_count])) {
            rule_count++;
        } else {
            fprintf(stderr, "faults: not understood: %s", line);
        }
    }
    fclose(file);
}

static void record(const char *path, const char *device, const struct rule *rule) {
    char name[PATH_MAX], line[160];
    snprintf(name, sizeof name, "%s.log", path);
    int length = snprintf(line, sizeof line, "%s %s %s\n", device, rule->call, rule->what);
    int file = REAL(open)(name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (file < 0) return;
    if (write(file, line, length) < 0) perror("faults");
    close(file);
}

// What is to happen to a call: 0 for nothing, an errno, or STALL. A call that is to hang has done so.
static int befalls(const char *device, const char *call) {
    const char *path = getenv("CAMERA_FAULTS");
    if (!path || !*device) return 0;
    int code = 0, milliseconds = 0, before = errno;
    pthread_mutex_lock(&lock);
    read_rules(path);
    for (int index = 0; index < rule_count && code == 0; index++) {
        struct rule *rule = &rules[index];
        if (strcmp(rule->call, call) != 0) continue;
        if (strcmp(rule->device, "*") != 0 && strcmp(rule->device, device) != 0) continue;
        if (rule->left == 0 || --rule->until_first > 0) continue;
        if (rule->left > 0) rule->left--;
        code = rule->code;
        milliseconds = rule->milliseconds;
        // A stall is found at every turn of the program's loop.
        if (code != STALL) record(path, device, rule);
    }
    pthread_mutex_unlock(&lock);
    errno = before;
    if (code != HANG) return code;
    usleep(milliseconds * 1000);
    return 0;
}

static const char *device_of(int descriptor) {
    return descriptor >= 0 && descriptor < MOST_DESCRIPTORS ? devices[descriptor] : "";
}

// ---- The calls

static int open_device(const char *path, int flags, mode_t mode) {
    char resolved[PATH_MAX] = "";
    int is_device = strncmp(path, "/dev/", 5) == 0 && realpath(path, resolved);
    int is_video = is_device && strncmp(resolved, "/dev/video", 10) == 0;
    int code = is_video ? befalls(resolved, "open") : 0;
    if (code > 0) {
        errno = code;
        return -1;
    }
    int descriptor = REAL(open64)(path, flags, mode);
    if (descriptor >= 0 && descriptor < MOST_DESCRIPTORS) {
        snprintf(devices[descriptor], sizeof *devices, "%s", is_video ? resolved : "");
    }
    return descriptor;
}

#define DEFINE_OPEN(name)                                                                    \
    int name(const char *path, int flags, ...) {                                             \
        va_list arguments;                                                                   \
        va_start(arguments, flags);                                                          \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(arguments, mode_t) : 0;         \
        va_end(arguments);                                                                   \
        return open_device(path, flags, mode);                                               \
    }
DEFINE_OPEN(open)
DEFINE_OPEN(open64)

int close(int descriptor) {
    if (descriptor >= 0 && descriptor < MOST_DESCRIPTORS) devices[descriptor][0] = 0;
    return REAL(close)(descriptor);
}

int ioctl(int descriptor, unsigned long request, ...) {
    va_list arguments;
    va_start(arguments, request);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    const char *device = device_of(descriptor);
    for (size_t index = 0; *device && index < sizeof requests / sizeof *requests; index++) {
        // Who passes a request through an int may have filled its upper half with the sign.
        if ((unsigned)requests[index].request != (unsigned)request) continue;
        int code = befalls(device, requests[index].name);
        if (code == 0) break;
        errno = code == STALL ? EAGAIN : code;
        return -1;
    }
    return REAL(ioctl)(descriptor, request, argument);
}

#define DEFINE_MMAP(name)                                                                                  \
    void *name(void *address, size_t length, int protection, int flags, int descriptor, off_t offset) {    \
        int code = befalls(device_of(descriptor), "mmap");                                                 \
        if (code > 0) {                                                                                    \
            errno = code;                                                                                  \
            return MAP_FAILED;                                                                             \
        }                                                                                                  \
        return REAL(mmap64)(address, length, protection, flags, descriptor, offset);                       \
    }
DEFINE_MMAP(mmap)
DEFINE_MMAP(mmap64)

// Takes stalled devices out of those that are waited for. Returns an errno if the call is to fail.
static int hide_stalled(struct pollfd *entries, nfds_t count, int *hidden) {
    for (nfds_t index = 0; index < count; index++) hidden[index] = entries[index].fd;
    for (nfds_t index = 0; index < count; index++) {
        int code = befalls(device_of(entries[index].fd), "poll");
        if (code > 0) return code;
        if (code == STALL) entries[index].fd = -1;
    }
    return 0;
}

static void show_again(struct pollfd *entries, nfds_t count, const int *hidden) {
    for (nfds_t index = 0; index < count; index++) entries[index].fd = hidden[index];
}

int poll(struct pollfd *entries, nfds_t count, int limit) {
    nfds_t videos = 0;
    for (nfds_t index = 0; index < count; index++) videos += *device_of(entries[index].fd) != 0;
    if (videos == 0 || count > 16) return REAL(poll)(entries, count, limit);
    int hidden[16], code = hide_stalled(entries, count, hidden), ready = -1;
    if (code == 0) {
        ready = REAL(poll)(entries, count, limit);
        code = errno;
    }
    show_again(entries, count, hidden);
    errno = code;
    return ready;
}
