// A USB webcam made of nothing but a process. It speaks USB/IP over a socket to the kernel's virtual host controller
// (vhci_hcd), which takes it for a device that was plugged in; from there on everything is as with any webcam: the
// kernel's own uvcvideo makes a /dev/video for it and reads its pictures.
//
//   webcam --size WxH --rate N [--mjpeg FILE] [--yuyv FILE] [--product NAME] [--serial TEXT] [--port N]
//
// FILE has one picture after the other, JPEGs or raw YUYV, shown over and over. At least one of the two is given.
// Without --serial the camera has no serial number, as many have none. Each webcam needs a --port of its own, 0 to 7.
//
// Faults are injected by lines on standard input, and its end unplugs the camera:
//
//   error N      the next N pictures are marked as erroneous (which uvcvideo drops: their buffers are marked in turn)
//   truncate N   the next N pictures end in the middle, unmarked
//   garble N     the next N pictures have noise in their second half (only a JPEG decoder can tell)
//   drop N       the next N pictures are not sent
//   stall MS     no picture is sent for so long; all else is answered
//   show mjpeg FILE | show yuyv FILE    other pictures from now on: one picture for a frozen camera, a grey one for a
//                                       covered lens
//   unplug, plug
//
// Standard output tells what happens, one line each: `plugged in`, `streaming MJPG` or `streaming YUYV`, `stopped`,
// `unplugged`, and `done COMMAND` when a fault's last picture has been sent.
//
// The formats of packets and descriptors are in the kernel's Documentation/usb/usbip_protocol.rst and in the
// "USB Device Class Definition for Video Devices" 1.0, whose names are used below.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { MJPEG = 1, YUYV = 2 };       // bFormatIndex
enum { HEADER = 12, PAYLOAD = 16384 };  // bytes: a payload's header, and the most that a payload has with it
enum { MOST_WAITING = 64 };         // transfers that wait for a picture; uvcvideo has five

struct pictures {
    uint8_t *bytes;
    size_t count;
    struct {
        size_t start, length;
    } *each;
};

enum fault { ERROR, TRUNCATE, GARBLE, DROP, FAULTS };
static const char *const fault_names[FAULTS] = {"error", "truncate", "garble", "drop"};

static struct {
    // What it is
    int width, height, rate, port;
    const char *product, *serial;
    struct pictures pictures[3];  // by bFormatIndex
    uint8_t configuration[512];
    int configuration_length;

    // The bus
    int bus;  // our end of the socket; -1: unplugged
    struct {
        uint32_t number, length;
    } waiting[MOST_WAITING];  // transfers of pictures that the kernel has asked for
    int waiting_count;

    // The stream
    int is_streaming;
    uint8_t probe[26];  // the agreed Video Probe and Commit Controls
    unsigned shown;
    uint8_t frame_id;  // toggles with every picture
    uint8_t *picture;  // what is being sent; NULL between pictures
    size_t picture_length, picture_sent;
    int picture_has_error;

    // What is to go wrong
    int faults[FAULTS];
    uint64_t stalled_until;
} camera = {.width = 640, .height = 480, .rate = 30, .product = "Emulated Webcam", .bus = -1};

static void say(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
    fflush(stdout);
}

static void die(const char *what) {
    fprintf(stderr, "webcam: %s: %s\n", what, strerror(errno));
    exit(1);
}

static uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000ull + time.tv_nsec;
}

// ---- Pictures

static uint8_t *contents(const char *path, size_t *length) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    struct stat status;
    if (file < 0 || fstat(file, &status) < 0) return NULL;
    uint8_t *bytes = malloc(status.st_size + 1);
    size_t have = 0;
    while (have < (size_t)status.st_size) {
        ssize_t count = read(file, bytes + have, status.st_size - have);
        if (count <= 0) break;
        have += count;
    }
    close(file);
    *length = have;
    return bytes;
}

static void add_picture(struct pictures *pictures, size_t start, size_t length) {
    if (pictures->count % 256 == 0) {
        pictures->each = realloc(pictures->each, (pictures->count + 256) * sizeof *pictures->each);
    }
    pictures->each[pictures->count].start = start;
    pictures->each[pictures->count++].length = length;
}

// Reads a file of pictures. Returns 0, or -1 with what is wrong on standard error.
static int load(int format, const char *path) {
    struct pictures new = {0};
    size_t length = 0;
    new.bytes = contents(path, &length);
    if (!new.bytes) {
        fprintf(stderr, "webcam: %s: %s\n", path, strerror(errno));
        return -1;
    }
    if (format == YUYV) {
        size_t size = (size_t)camera.width * camera.height * 2;
        for (size_t start = 0; start + size <= length; start += size) add_picture(&new, start, size);
    } else {
        // A picture ends with an end marker that the next one's start marker, or nothing, follows.
        size_t start = 0;
        for (size_t at = 0; at + 1 < length; at++) {
            if (new.bytes[at] != 0xFF || new.bytes[at + 1] != 0xD9) continue;
            size_t end = at + 2;
            if (end + 1 < length && (new.bytes[end] != 0xFF || new.bytes[end + 1] != 0xD8)) continue;
            add_picture(&new, start, end - start);
            start = end;
        }
    }
    if (new.count == 0) {
        fprintf(stderr, "webcam: %s has no picture\n", path);
        free(new.bytes);
        return -1;
    }
    free(camera.pictures[format].bytes);
    free(camera.pictures[format].each);
    camera.pictures[format] = new;
    return 0;
}

// Takes the next picture, with what is to go wrong with it.
static void take_picture(void) {
    if (now() < camera.stalled_until) return;
    int format = camera.probe[2];
    const struct pictures *pictures = &camera.pictures[format];
    size_t index = camera.shown++ % pictures->count;
    int befallen[FAULTS];
    for (int fault = 0; fault < FAULTS; fault++) {
        befallen[fault] = camera.faults[fault] > 0;
        if (befallen[fault] && --camera.faults[fault] == 0) say("done %s", fault_names[fault]);
    }
    if (befallen[DROP]) return;
    camera.picture_length = pictures->each[index].length;
    camera.picture = malloc(camera.picture_length);  // a copy: `show` may replace the original under way
    memcpy(camera.picture, pictures->bytes + pictures->each[index].start, camera.picture_length);
    if (befallen[GARBLE]) {
        // No 0xFF among it, which would begin a marker; and the picture's end stays where it was.
        for (size_t at = camera.picture_length / 2; at + 2 < camera.picture_length; at++) {
            camera.picture[at] = (at * 2654435761u >> 13) % 255;
        }
    }
    if (befallen[TRUNCATE]) camera.picture_length /= 2;
    camera.picture_has_error = befallen[ERROR];
    camera.picture_sent = 0;
}

static void drop_picture(void) {
    free(camera.picture);
    camera.picture = NULL;
}

// ---- Descriptors: what the camera says it is

#define BYTES2(value) (uint8_t)(value), (uint8_t)((value) >> 8)
#define BYTES4(value) BYTES2(value), (uint8_t)((value) >> 16), (uint8_t)((value) >> 24)

static void put_bytes(const uint8_t *bytes, int count) {
    memcpy(camera.configuration + camera.configuration_length, bytes, count);
    camera.configuration_length += count;
}
#define PUT(...)                                           \
    do {                                                   \
        const uint8_t descriptor[] = {__VA_ARGS__};        \
        put_bytes(descriptor, sizeof descriptor);          \
    } while (0)

enum { VC_HEADER = 13, CAMERA_TERMINAL = 17, OUTPUT_TERMINAL = 9 };
enum { VS_HEADER = 15, MJPEG_FORMAT = 11, YUYV_FORMAT = 27, FRAME = 30, COLOR = 6 };

static void describe(void) {
    uint32_t interval = 10000000 / camera.rate;  // in units of 100 ns
    uint32_t size = camera.width * camera.height * 2;
    uint32_t bits = size * 8 * camera.rate;
    PUT(9, 2, BYTES2(0), 2, 1, 0, 0x80, 250);                      // configuration; its length is filled in below
    PUT(8, 11, 0, 2, 14, 3, 0, 0);                                 // both interfaces are one video function
    PUT(9, 4, 0, 0, 0, 14, 1, 0, 0);                               // interface 0: VideoControl
    PUT(VC_HEADER, 0x24, 1, BYTES2(0x0100), BYTES2(VC_HEADER + CAMERA_TERMINAL + OUTPUT_TERMINAL), BYTES4(48000000),
        1, 1);
    PUT(CAMERA_TERMINAL, 0x24, 2, 1, BYTES2(0x0201), 0, 0, BYTES2(0), BYTES2(0), BYTES2(0), 2, BYTES2(0));
    PUT(OUTPUT_TERMINAL, 0x24, 3, 2, BYTES2(0x0101), 0, 1, 0);
    PUT(9, 4, 1, 0, 1, 14, 2, 0, 0);                               // interface 1: VideoStreaming
    PUT(VS_HEADER, 0x24, 1, 2, BYTES2(VS_HEADER + MJPEG_FORMAT + YUYV_FORMAT + 2 * (FRAME + COLOR)), 0x81, 0, 2, 0, 0,
        0, 1, 0, 0);
    PUT(MJPEG_FORMAT, 0x24, 6, MJPEG, 1, 1, 1, 0, 0, 0, 0);
    PUT(FRAME, 0x24, 7, 1, 0, BYTES2(camera.width), BYTES2(camera.height), BYTES4(bits / 10), BYTES4(bits),
        BYTES4(size), BYTES4(interval), 1, BYTES4(interval));
    PUT(COLOR, 0x24, 13, 1, 1, 4);
    PUT(YUYV_FORMAT, 0x24, 4, YUYV, 1, 'Y', 'U', 'Y', '2', 0, 0, 16, 0, 128, 0, 0, 170, 0, 56, 155, 113, 16, 1, 0, 0, 0,
        0);
    PUT(FRAME, 0x24, 5, 1, 0, BYTES2(camera.width), BYTES2(camera.height), BYTES4(bits), BYTES4(bits), BYTES4(size),
        BYTES4(interval), 1, BYTES4(interval));
    PUT(COLOR, 0x24, 13, 1, 1, 4);
    PUT(7, 5, 0x81, 2, BYTES2(512), 0);                            // endpoint 1: bulk, to the host
    camera.configuration[2] = camera.configuration_length;
    camera.configuration[3] = camera.configuration_length >> 8;
}

// ---- USB/IP

enum { SUBMIT = 1, UNLINK = 2, SUBMITTED = 3, UNLINKED = 4 };

struct packet {
    uint32_t command, number, device, direction, endpoint;
    union {
        struct {
            uint32_t flags, length, start, packets, interval;
            uint8_t setup[8];
        } submit;
        struct {
            int32_t status;
            uint32_t length, start, packets, errors;
            uint8_t padding[8];
        } submitted;
        uint32_t unlink;
        int32_t unlinked;
    };
};
_Static_assert(sizeof(struct packet) == 48, "a packet's header has 48 bytes");

static int send_all(const void *bytes, size_t count) {
    for (const uint8_t *from = bytes; count > 0;) {
        ssize_t done = send(camera.bus, from, count, MSG_NOSIGNAL);
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) return -1;
        from += done;
        count -= done;
    }
    return 0;
}

static int receive_all(void *bytes, size_t count) {
    for (uint8_t *to = bytes; count > 0;) {
        ssize_t done = read(camera.bus, to, count);
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) return -1;
        to += done;
        count -= done;
    }
    return 0;
}

// Ends a transfer. `bytes` are NULL for one from the host, of which `length` bytes were taken.
static int complete(uint32_t number, int status, const void *bytes, uint32_t length) {
    struct packet packet = {.command = htonl(SUBMITTED), .number = htonl(number)};
    packet.submitted.status = htonl(status);
    packet.submitted.length = htonl(length);
    if (send_all(&packet, sizeof packet) < 0) return -1;
    return bytes && length > 0 ? send_all(bytes, length) : 0;
}

static int refuse(uint32_t number) {
    return complete(number, -EPIPE, NULL, 0);
}

// ---- Requests of the control endpoint

// Fills the parts of the probe that are the camera's to decide.
static void settle_probe(void) {
    int format = camera.probe[2];
    if ((format != MJPEG && format != YUYV) || camera.pictures[format].count == 0) {
        camera.probe[2] = camera.pictures[MJPEG].count > 0 ? MJPEG : YUYV;
    }
    camera.probe[3] = 1;
    uint32_t interval = 10000000 / camera.rate, size = camera.width * camera.height * 2, payload = PAYLOAD;
    memcpy(camera.probe + 4, &interval, 4);
    memcpy(camera.probe + 18, &size, 4);
    memcpy(camera.probe + 22, &payload, 4);
}

static int string_descriptor(uint8_t *answer, int index) {
    const char *text = index == 1 ? "Scenewatch" : index == 2 ? camera.product : camera.serial;
    if (index == 0) {
        memcpy(answer, (uint8_t[]){4, 3, BYTES2(0x0409)}, 4);  // there is English
        return 4;
    }
    if (index > 3 || !text) return 0;
    int length = 2;
    for (; *text && length < 254; text++) {
        answer[length++] = *text;
        answer[length++] = 0;
    }
    answer[0] = length;
    answer[1] = 3;
    return length;
}

static int descriptor(uint8_t *answer, int kind, int index) {
    const uint8_t device[] = {18, 1, BYTES2(0x0200), 239, 2, 1, 64, BYTES2(0x1209), BYTES2(0x0001), BYTES2(0x0100), 1,
        2, camera.serial ? 3 : 0, 1};
    const uint8_t qualifier[] = {10, 6, BYTES2(0x0200), 239, 2, 1, 64, 1, 0};
    switch (kind) {
    case 1: memcpy(answer, device, sizeof device); return sizeof device;
    case 2: memcpy(answer, camera.configuration, camera.configuration_length); return camera.configuration_length;
    case 3: return string_descriptor(answer, index);
    case 6: memcpy(answer, qualifier, sizeof qualifier); return sizeof qualifier;
    default: return 0;
    }
}

static void stop_streaming(void) {
    if (camera.is_streaming) say("stopped");
    camera.is_streaming = 0;
    drop_picture();
}

static int control(uint32_t number, const uint8_t *setup, const uint8_t *data, uint32_t length) {
    int is_to_host = setup[0] & 0x80, is_class = (setup[0] & 0x60) == 0x20, request = setup[1];
    int low = setup[2], high = setup[3], entity = setup[5], interface = setup[4];
    uint32_t most = setup[6] | setup[7] << 8;
    uint8_t answer[512] = {0};
    uint32_t count = 0;
    if (!is_class && is_to_host) {
        switch (request) {
        case 6: count = descriptor(answer, high, low); break;                // GET_DESCRIPTOR
        case 0: count = 2; break;                                            // GET_STATUS
        case 8: count = 1, answer[0] = 1; break;                             // GET_CONFIGURATION
        case 10: count = 1; break;                                           // GET_INTERFACE
        }
    } else if (!is_class) {
        // CLEAR_FEATURE of the endpoint's halt and SET_INTERFACE are how the host stops a stream.
        if (request == 1 || request == 11) stop_streaming();
        return complete(number, 0, NULL, length);
    } else if (interface == 1 && entity == 0 && (high == 1 || high == 2)) {  // probe, commit
        if (request == 1) {                                                  // SET_CUR
            memcpy(camera.probe, data, length < sizeof camera.probe ? length : sizeof camera.probe);
            settle_probe();
            if (high == 2) {
                drop_picture();
                camera.is_streaming = 1;
                say("streaming %s", camera.probe[2] == MJPEG ? "MJPG" : "YUYV");
            }
            return complete(number, 0, NULL, length);
        }
        settle_probe();
        if (request == 0x86) {                                               // GET_INFO: can be got and set
            count = 1, answer[0] = 3;
        } else if (request == 0x85) {                                        // GET_LEN
            count = 2, answer[0] = sizeof camera.probe;
        } else {
            count = sizeof camera.probe;
            memcpy(answer, camera.probe, count);
        }
    }
    if (count == 0) return refuse(number);
    return complete(number, 0, answer, count < most ? count : most);
}

// ---- The stream

// Answers waiting transfers with the picture that is being sent.
static int send_picture(void) {
    static uint8_t payload[PAYLOAD];
    while (camera.waiting_count > 0 && camera.picture) {
        uint32_t room = camera.waiting[0].length < PAYLOAD ? camera.waiting[0].length : PAYLOAD;
        size_t count = camera.picture_length - camera.picture_sent;
        if (count > room - HEADER) count = room - HEADER;
        int is_last = camera.picture_sent + count == camera.picture_length;
        memset(payload, 0, HEADER);
        payload[0] = HEADER;
        // End of header, frame id, end of frame, error
        payload[1] = 0x80 | camera.frame_id | (is_last ? 2 : 0) | (camera.picture_has_error ? 0x40 : 0);
        memcpy(payload + HEADER, camera.picture + camera.picture_sent, count);
        camera.picture_sent += count;
        if (complete(camera.waiting[0].number, 0, payload, HEADER + count) < 0) return -1;
        memmove(camera.waiting, camera.waiting + 1, --camera.waiting_count * sizeof *camera.waiting);
        if (is_last) {
            drop_picture();
            camera.frame_id ^= 1;
        }
    }
    return 0;
}

static int unlink_transfer(uint32_t number, uint32_t which) {
    struct packet packet = {.command = htonl(UNLINKED), .number = htonl(number)};
    for (int index = 0; index < camera.waiting_count; index++) {
        if (camera.waiting[index].number != which) continue;
        camera.waiting_count--;
        memmove(camera.waiting + index, camera.waiting + index + 1,
            (camera.waiting_count - index) * sizeof *camera.waiting);
        packet.unlinked = htonl(-ECONNRESET);
        break;
    }
    return send_all(&packet, sizeof packet);
}

// Handles one packet of the kernel. Returns -1 when it has hung up.
static int handle_packet(void) {
    struct packet packet;
    uint8_t data[4096];
    if (receive_all(&packet, sizeof packet) < 0) return -1;
    uint32_t number = ntohl(packet.number);
    if (ntohl(packet.command) == UNLINK) return unlink_transfer(number, ntohl(packet.unlink));
    uint32_t length = ntohl(packet.submit.length);
    int is_to_host = ntohl(packet.direction) == 1;
    if (!is_to_host && (length > sizeof data || receive_all(data, length) < 0)) return -1;
    if (ntohl(packet.endpoint) == 0) return control(number, packet.submit.setup, data, length);
    if (camera.waiting_count == MOST_WAITING) return refuse(number);
    camera.waiting[camera.waiting_count].number = number;
    camera.waiting[camera.waiting_count++].length = length;
    return 0;
}

// ---- Plugging

static void unplug(void) {
    if (camera.bus < 0) return;
    close(camera.bus);
    camera.bus = -1;
    camera.waiting_count = 0;
    camera.is_streaming = 0;
    drop_picture();
    say("unplugged");
}

static void plug(void) {
    if (camera.bus >= 0) return;
    int ends[2], attach = open("/sys/devices/platform/vhci_hcd.0/attach", O_WRONLY | O_CLOEXEC);
    if (attach < 0) die("the virtual host controller (modprobe vhci_hcd)");
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) die("socketpair");
    // Port, socket, an address that no other camera has, high speed.
    char line[64];
    int length = snprintf(line, sizeof line, "%d %d %d 3", camera.port, ends[0], 1 << 16 | (camera.port + 2));
    // A port is free again some time after what was plugged into it has hung up.
    int tries = 0;
    while (write(attach, line, length) != length) {
        if (++tries == 300) die("the port is not free");
        usleep(10000);
    }
    close(attach);
    close(ends[0]);  // the kernel has its own reference
    camera.bus = ends[1];
    say("plugged in");
}

// ---- Commands

static void obey(char *line) {
    char name[32] = "", kind[32] = "", path[1024] = "";
    int number = 1;
    if (sscanf(line, "%31s %d", name, &number) < 1) return;
    for (int fault = 0; fault < FAULTS; fault++) {
        if (strcmp(name, fault_names[fault]) == 0) {
            camera.faults[fault] = number;
            return;
        }
    }
    if (strcmp(name, "stall") == 0) {
        camera.stalled_until = now() + number * 1000000ull;
    } else if (strcmp(name, "unplug") == 0) {
        unplug();
    } else if (strcmp(name, "plug") == 0) {
        plug();
    } else if (sscanf(line, "show %31s %1023[^\n]", kind, path) == 2) {
        if (load(strcmp(kind, "yuyv") == 0 ? YUYV : MJPEG, path) == 0) say("done show");
    } else {
        fprintf(stderr, "webcam: what is “%s”?\n", name);
    }
}

// Obeys the whole lines on standard input. Returns -1 when there will be no more.
static int obey_input(void) {
    static char text[4096];
    static size_t length;
    ssize_t count = read(STDIN_FILENO, text + length, sizeof text - 1 - length);
    if (count <= 0) return -1;
    length += count;
    text[length] = 0;
    char *line = text, *end;
    while ((end = strchr(line, '\n'))) {
        *end = 0;
        obey(line);
        line = end + 1;
    }
    length -= line - text;
    memmove(text, line, length);
    return length == sizeof text - 1 ? -1 : 0;
}

static int make_timer(void) {
    int timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
    uint64_t period = 1000000000ull / camera.rate;
    struct timespec time = {period / 1000000000, period % 1000000000};
    struct itimerspec each = {time, time};
    if (timer < 0 || timerfd_settime(timer, 0, &each, NULL) < 0) die("timer");
    return timer;
}

static void run(void) {
    int timer = make_timer();
    plug();
    while (1) {
        struct pollfd entries[] = {{STDIN_FILENO, POLLIN, 0}, {timer, POLLIN, 0}, {camera.bus, POLLIN, 0}};
        if (poll(entries, 3, -1) < 0) continue;
        int is_lost = 0;
        if (entries[2].revents) is_lost = handle_packet() < 0;
        if (entries[1].revents) {
            uint64_t ticks;
            if (read(timer, &ticks, sizeof ticks) < 0) die("timer");
            // Like a camera's own memory: who does not fetch a picture in time misses it.
            if (camera.is_streaming && camera.waiting_count > 0 && !camera.picture) take_picture();
        }
        if (!is_lost && camera.bus >= 0) is_lost = send_picture() < 0;
        if (is_lost) unplug();
        if (entries[0].revents && obey_input() < 0) break;
    }
    unplug();
}

static void usage(void) {
    fprintf(stderr, "usage: webcam --size WxH --rate N [--mjpeg FILE] [--yuyv FILE] [--product NAME] [--serial TEXT] "
                    "[--port N]\n");
    exit(2);
}

int main(int count, char **words) {
    const char *mjpeg = NULL, *yuyv = NULL;
    for (int index = 1; index < count; index += 2) {
        const char *option = words[index], *value = words[index + 1];
        if (index + 1 == count) usage();
        if (strcmp(option, "--size") == 0) {
            if (sscanf(value, "%dx%d", &camera.width, &camera.height) != 2) usage();
        } else if (strcmp(option, "--rate") == 0) {
            camera.rate = atoi(value);
        } else if (strcmp(option, "--mjpeg") == 0) {
            mjpeg = value;
        } else if (strcmp(option, "--yuyv") == 0) {
            yuyv = value;
        } else if (strcmp(option, "--product") == 0) {
            camera.product = value;
        } else if (strcmp(option, "--serial") == 0) {
            camera.serial = value;
        } else if (strcmp(option, "--port") == 0) {
            camera.port = atoi(value);
        } else {
            usage();
        }
    }
    if (camera.rate < 1 || camera.width < 1 || camera.height < 1 || (!mjpeg && !yuyv)) usage();
    if (mjpeg && load(MJPEG, mjpeg) < 0) return 1;
    if (yuyv && load(YUYV, yuyv) < 0) return 1;
    describe();
    run();
}
