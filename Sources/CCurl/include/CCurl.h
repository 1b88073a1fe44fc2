// CCurl: one HTTP download as libcurl makes it.
//
// The library is opened at run time, not linked: only `scenewatch model install` needs it, and every other command runs
// where there is none. It also saves the headers: the numbers of options and errors are part of libcurl's stable ABI.

#ifndef SCENEWATCH_CCURL_H
#define SCENEWATCH_CCURL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// What is asked for, and who is told. The callbacks are called on the calling thread; each returns whether to go on.
typedef struct {
    const char *_Nonnull url;
    const char *_Nonnull user_agent;
    /// A file of certificates to trust in place of the system's; NULL for the system's.
    const char *_Nullable certificates;
    /// Header lines to send, each "Name: value"; ends with NULL.
    const char *_Nullable const *_Nonnull headers;
    /// Whether a redirection may lead to plain http.
    bool may_be_plain;
    /// For how many seconds nothing may come before it counts as lost.
    long patience;
    void *_Nullable context;
    /// A line of the answer's head, of every answer on the way.
    bool (*_Nonnull on_header)(void *_Nullable context, const char *_Nonnull bytes, size_t count);
    /// Bytes of the last answer's body.
    bool (*_Nonnull on_body)(void *_Nullable context, const char *_Nonnull bytes, size_t count);
    /// Asked about once a second, also while nothing comes.
    bool (*_Nonnull may_go_on)(void *_Nullable context);
} ccurl_request;

typedef enum {
    ccurl_done,
    /// A callback did not want to go on.
    ccurl_stopped,
    /// The connection could not be made or was lost: another try may succeed.
    ccurl_lost,
    /// Another try would fail as this one did.
    ccurl_refused,
} ccurl_ending;

typedef struct {
    ccurl_ending ending;
    /// In words, where it is not done.
    char words[320];
} ccurl_outcome;

/// Opens libcurl, once. Returns NULL, or in words why it cannot be had. Safe from any thread.
const char *_Nullable ccurl_load(void);

/// Asks for a URL and follows at most ten redirections. `ccurl_load` must have succeeded.
ccurl_outcome ccurl_fetch(const ccurl_request *_Nonnull request);

#endif
