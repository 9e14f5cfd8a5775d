#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "core/result.h"

namespace yimen::audit {

/// How the audited act ended.
enum class AuditResult { kOk, kFailed, kDenied };

/// One act worth remembering: who did what to what, from where, how it ended. Holds no secret, ever.
struct AuditEvent {
    std::string type;     ///< stable dotted id documented in messages.md: "login.ok", "vault.open", ...
    std::string actor;    ///< person id; empty when nobody was known
    std::string subject;  ///< what it was done to (person, rule set, record); may be empty
    std::string system;   ///< system id; may be empty
    AuditResult result = AuditResult::kOk;
    std::string sourceIp;
    std::vector<std::pair<std::string, std::string>> fields;  ///< further named values, e.g. {"reason", "locked"}
};

/// Takes events and keeps them for good. Thread-safe.
/// An answer that an event vouches for must not leave before `durable` was called with success; on failure the
/// service refuses what it was about to do.
class AuditSink {
public:
    using Durable = std::function<void(core::Status)>;

    virtual ~AuditSink() = default;

    /// Queues the event and returns at once. `durable` runs exactly once, on the sink's own thread (or right here when
    /// the queue is full or closed: kUnavailable), must be quick and must not throw: post to a loop or a pool from it.
    virtual void append(AuditEvent event, Durable durable) = 0;

    /// Waits for durability. Blocks for a disk sync: worker threads only, never a loop thread, never from `durable`.
    core::Status appendAndWait(AuditEvent event);
};

}  // namespace yimen::audit
