#include "include/CCurl.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

// From curl.h; the numbers never change.
typedef void CURL;
typedef int CURLcode;
struct curl_slist;
enum {
    option_write_data = 10001,
    option_url = 10002,
    option_error_buffer = 10010,
    option_write_function = 20011,
    option_user_agent = 10018,
    option_low_speed_limit = 19,
    option_low_speed_time = 20,
    option_http_header = 10023,
    option_header_data = 10029,
    option_no_progress = 43,
    option_follow_location = 52,
    option_progress_data = 10057,
    option_ca_info = 10065,
    option_max_redirections = 68,
    option_connect_timeout = 78,
    option_header_function = 20079,
    option_no_signal = 99,
    option_protocols = 181,
    option_redirection_protocols = 182,
    option_progress_function = 20219,
    option_suppress_connect_headers = 265,
};
enum { protocol_http = 1, protocol_https = 2, global_all = 3 };
enum {
    code_could_not_resolve_proxy = 5,
    code_could_not_resolve_host = 6,
    code_could_not_connect = 7,
    code_http2 = 16,
    code_partial_file = 18,
    code_write_error = 23,
    code_timed_out = 28,
    code_aborted_by_callback = 42,
    code_got_nothing = 52,
    code_send_error = 55,
    code_receive_error = 56,
    code_again = 81,
    code_http2_stream = 92,
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static const char *failure;

static CURLcode (*global_init)(long);
static CURL *(*easy_init)(void);
static CURLcode (*easy_setopt)(CURL *, int, ...);
static CURLcode (*easy_perform)(CURL *);
static void (*easy_cleanup)(CURL *);
static const char *(*easy_strerror)(CURLcode);
static struct curl_slist *(*slist_append)(struct curl_slist *, const char *);
static void (*slist_free_all)(struct curl_slist *);

static void load(void) {
    static const char *const names[] = {"libcurl.so.4", "libcurl-gnutls.so.4"};
    void *library = NULL;
    for (size_t i = 0; i < sizeof names / sizeof *names && !library; i++) library = dlopen(names[i], RTLD_NOW);
    if (!library) {
        failure = "libcurl (libcurl.so.4) cannot be opened; install it with: apt-get install libcurl4 ca-certificates";
        return;
    }
    const struct {
        const char *name;
        void *place;
    } symbols[] = {
        {"curl_global_init", &global_init},     {"curl_easy_init", &easy_init},
        {"curl_easy_setopt", &easy_setopt},     {"curl_easy_perform", &easy_perform},
        {"curl_easy_cleanup", &easy_cleanup},   {"curl_easy_strerror", &easy_strerror},
        {"curl_slist_append", &slist_append},   {"curl_slist_free_all", &slist_free_all},
    };
    for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++) {
        void *symbol = dlsym(library, symbols[i].name);
        if (!symbol) {
            failure = "libcurl.so.4 is not the library that its name says";
            return;
        }
        memcpy(symbols[i].place, &symbol, sizeof symbol);
    }
    if (global_init(global_all) != 0) failure = "libcurl cannot be started";
}

const char *ccurl_load(void) {
    pthread_once(&once, load);
    return failure;
}

static size_t take_header(char *bytes, size_t size, size_t count, void *data) {
    const ccurl_request *request = data;
    return request->on_header(request->context, bytes, size * count) ? size * count : 0;
}

static size_t take_body(char *bytes, size_t size, size_t count, void *data) {
    const ccurl_request *request = data;
    return request->on_body(request->context, bytes, size * count) ? size * count : 0;
}

static int tell_progress(void *data, int64_t all, int64_t now, int64_t all_up, int64_t now_up) {
    (void)all, (void)now, (void)all_up, (void)now_up;
    const ccurl_request *request = data;
    return request->may_go_on(request->context) ? 0 : 1;
}

static ccurl_ending ending_of(CURLcode code) {
    switch (code) {
    case 0:
        return ccurl_done;
    case code_write_error:
    case code_aborted_by_callback:
        return ccurl_stopped;
    case code_could_not_resolve_proxy:
    case code_could_not_resolve_host:
    case code_could_not_connect:
    case code_http2:
    case code_partial_file:
    case code_timed_out:
    case code_got_nothing:
    case code_send_error:
    case code_receive_error:
    case code_again:
    case code_http2_stream:
        return ccurl_lost;
    default:
        return ccurl_refused;
    }
}

ccurl_outcome ccurl_fetch(const ccurl_request *request) {
    ccurl_outcome outcome = {.ending = ccurl_refused};
    CURL *handle = easy_init();
    struct curl_slist *headers = NULL;
    for (const char *const *line = request->headers; *line; line++) {
        struct curl_slist *longer = slist_append(headers, *line);
        if (longer) headers = longer;
    }
    if (!handle) {
        snprintf(outcome.words, sizeof outcome.words, "there is no memory for a connection");
        slist_free_all(headers);
        return outcome;
    }
    char words[256] = "";
    long protocols = request->may_be_plain ? protocol_http | protocol_https : protocol_https;
    easy_setopt(handle, option_url, request->url);
    easy_setopt(handle, option_user_agent, request->user_agent);
    easy_setopt(handle, option_error_buffer, words);
    easy_setopt(handle, option_http_header, headers);
    easy_setopt(handle, option_protocols, protocols);
    easy_setopt(handle, option_redirection_protocols, protocols);
    easy_setopt(handle, option_follow_location, 1L);
    easy_setopt(handle, option_max_redirections, 10L);
    easy_setopt(handle, option_connect_timeout, request->patience);
    easy_setopt(handle, option_low_speed_limit, 1L);
    easy_setopt(handle, option_low_speed_time, request->patience);
    easy_setopt(handle, option_no_signal, 1L);
    if (request->certificates) easy_setopt(handle, option_ca_info, request->certificates);
    easy_setopt(handle, option_header_function, take_header);
    easy_setopt(handle, option_header_data, request);
    easy_setopt(handle, option_suppress_connect_headers, 1L);  // a proxy's own answers are none of the hub's
    easy_setopt(handle, option_write_function, take_body);
    easy_setopt(handle, option_write_data, request);
    easy_setopt(handle, option_no_progress, 0L);
    easy_setopt(handle, option_progress_function, tell_progress);
    easy_setopt(handle, option_progress_data, request);

    CURLcode code = easy_perform(handle);
    outcome.ending = ending_of(code);
    if (code != 0) snprintf(outcome.words, sizeof outcome.words, "%s", words[0] ? words : easy_strerror(code));
    easy_cleanup(handle);
    slist_free_all(headers);
    return outcome;
}
