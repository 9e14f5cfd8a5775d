#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "audit/audit_sink.h"
#include "core/clock.h"
#include "core/result.h"
#include "crypto/digest.h"
#include "crypto/key.h"

namespace yimen::audit {

/// Longer texts of an event are cut, with "..." at the end; further fields are left out and counted in "fields_cut".
inline constexpr std::size_t kMaxTextBytes = 4096;
inline constexpr std::size_t kMaxFields = 64;
/// A line is never longer than this, so a reader may refuse one that is.
inline constexpr std::size_t kMaxLineBytes = 4 * 1024 * 1024;

std::string_view toString(AuditResult result) noexcept;

/// The state of the chain after a record: what the next one continues.
struct ChainState {
    std::uint64_t seq = 0;                    ///< of the last record; the first one is 1
    std::string hash = std::string(64, '0');  ///< of the last record, lower-case hex
    bool operator==(const ChainState&) const = default;
};

/// How records are hashed: SM3 or SHA-256, plain or as HMAC. Immutable, any thread.
class ChainHash {
public:
    explicit ChainHash(crypto::DigestAlgorithm algorithm, std::optional<crypto::Key> key = std::nullopt)
        : algorithm_(algorithm), key_(std::move(key)) {}
    std::string of(std::string_view bytes) const;

private:
    crypto::DigestAlgorithm algorithm_;
    std::optional<crypto::Key> key_;
};

/// One line of the log, read back.
struct AuditRecord {
    std::uint64_t seq = 0;
    core::WallTime at{};
    std::string atText;
    AuditEvent event;
    std::string prev;
    std::string hash;
};

/// The line without its end for the record after `state`, and moves `state` on. The hash covers every byte of the line
/// before `,"hash":`, so that nothing has to be written a second time to be checked.
std::string formatRecord(const AuditEvent& event, core::WallTime at, const ChainHash& hash, ChainState& state);

/// kCorrupt when the line is not a record.
core::Result<AuditRecord> parseRecord(std::string_view line);

/// True when the line's own hash fits its bytes.
bool hashFits(std::string_view line, const ChainHash& hash);

}  // namespace yimen::audit
