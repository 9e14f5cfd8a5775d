#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"
#include "sync/sources/pg_connection.h"
#include "sync/sources/pg_output.h"

namespace yimen::sync {

/// What has to be there on the server for a table to be followed by its log.
struct PgLogNames {
    std::string slot;         ///< made by the first complete read; holds back the log for us
    std::string publication;  ///< made by the owner of the table
};

/// The messages of a replication slot as they come (PostgreSQL 15, section 55.4). One thread. While somebody else uses
/// the slot opening it is kUnavailable: after a crash the server may notice that the former user is gone only later.
class PgReplication {
public:
    /// Begins behind `from`, or behind what was confirmed before if that is further.
    PgReplication(PgReplication&&) noexcept = default;
    PgReplication& operator=(PgReplication&&) = delete;
    /// Ends the stream in order, so that the server takes the last confirmation in before it lets go.
    ~PgReplication();
    static core::Result<PgReplication> open(PgAddress address, const PgLogNames& names, Lsn from);

    /// The next message of pgoutput; nothing when none came within `wait`, or only word of how far the log goes (see
    /// seen()). Good until the next call. kUnavailable when the server ends the stream.
    core::Result<std::optional<std::string_view>> next(std::chrono::milliseconds wait);
    /// Every transaction that was committed before this place has been handed out.
    Lsn seen() const noexcept { return seen_; }
    /// The server may forget the log up to `durable`. With `ask` it answers how far it has looked; one answer is waited
    /// for before it is asked again.
    core::Status confirm(Lsn durable, bool ask);

private:
    PgReplication(PgConnection connection, Lsn from) : connection_(std::move(connection)), durable_(from) {}
    struct FreeText {
        void operator()(char* text) const noexcept;
    };
    core::Result<std::optional<std::string_view>> take(std::string_view message);

    PgConnection connection_;
    std::unique_ptr<char, FreeText> message_;
    bool asked_ = false;
    Lsn seen_ = 0;
    Lsn durable_;
};

}  // namespace yimen::sync
