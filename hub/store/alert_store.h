#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/types.h"

namespace yimen::store {

using AlertId = std::int64_t;

/// Something that a check found and that still holds, or held.
struct AlertRecord {
    AlertId id = 0;
    std::string check;    ///< name of the rule
    std::string subject;  ///< what the rule calls the case: at most one open alert has it
    std::string severity;
    std::string message;
    std::string evidence;  ///< JSON
    core::WallTime openedAt{};
    core::WallTime seenAt{};    ///< found last
    core::WallTime closedAt{};  ///< the epoch: open
    PersonId takenBy = 0;       ///< who looks after it
    core::WallTime takenAt{};
    std::string note;
    bool operator==(const AlertRecord&) const = default;
};

/// One case that a run of a check found.
struct Finding {
    std::string subject;
    std::string severity;
    std::string message;
    std::string evidence;  ///< JSON
};

/// The last run of a check.
struct CheckRunRecord {
    std::string check;
    core::WallTime at{};
    std::int64_t millis = 0;
    std::int64_t found = 0;
    std::int64_t opened = 0;
    std::int64_t closed = 0;
    std::string error;  ///< empty: it ran through
    bool operator==(const CheckRunRecord&) const = default;
};

/// Alerts of checks. Thread-safe, blocking; writes are durable when they return. Errors as PersonStore.
class AlertStore {
public:
    virtual ~AlertStore() = default;
    /// Takes in everything one complete run found, in one transaction: a case that is new is opened once, one that is
    /// open is brought up to date, one that was not found again is closed. Fills opened and closed of `run`, and keeps
    /// it. A subject that stands twice in `findings` is one case.
    virtual core::Result<CheckRunRecord> apply(const CheckRunRecord& run, const std::vector<Finding>& findings) = 0;
    /// A run that did not get through: alerts stay as they are.
    virtual core::Status failed(const CheckRunRecord& run) = 0;
    virtual core::Result<std::vector<CheckRunRecord>> runs() = 0;
    /// Newest first; `check` empty: of all.
    virtual core::Result<std::vector<AlertRecord>> list(const std::string& check, bool openOnly) = 0;
    virtual core::Result<std::optional<AlertRecord>> get(AlertId id) = 0;
    /// kNotFound; kConflict when it is closed or somebody else looks after it.
    virtual core::Status take(AlertId id, PersonId who, const std::string& note, core::WallTime at) = 0;
};

}  // namespace yimen::store
