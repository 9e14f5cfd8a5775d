#include "audit/verify.h"

#include <optional>

#include "audit/segments.h"

namespace yimen::audit {

namespace {

class Verifier {
public:
    Verifier(const VerifyOptions& options, const crypto::KeyRing* ring) : options_(options), ring_(ring) {}

    core::Result<VerifyReport> run() {
        // The head first: a writer may go on while we read, and then the log is longer than this head, never shorter.
        const auto head = readHead(options_.directory, ring_);
        YIMEN_TRY(const auto segments, listSegments(options_.directory));
        for (std::size_t i = 0; i < segments.size(); ++i) {
            beginSegment(segments[i], i + 1);
            YIMEN_TRY_STATUS(readSegment(head.ok() && head->has_value() ? &**head : nullptr, i + 1 == segments.size()));
        }
        checkEnd(head);
        report_.segments = segments.size();
        report_.head = state_.hash;
        report_.ok = report_.breaks.empty();
        return report_;
    }

private:
    void complain(std::uint64_t line, std::string reason) {
        if (report_.breaks.size() < VerifyReport::kMaxBreaks) {
            report_.breaks.push_back({file_, line, state_.seq + 1, std::move(reason)});
        }
    }

    void beginSegment(std::uint64_t number, std::uint64_t expected) {
        path_ = segmentPath(options_.directory, number);
        file_ = path_.substr(options_.directory.size() + 1);
        hash_.reset();
        if (number != expected + missingSegments_) {
            complain(0, "segment " + std::to_string(expected + missingSegments_) + " is missing before this file");
            missingSegments_ = number - expected;
        }
    }

    core::Status readSegment(const Head* head, bool last) {
        YIMEN_TRY(auto reader, LineReader::open(path_));
        for (std::string_view line;;) {
            const auto more = reader.next(line);
            if (!more.ok() && more.error().code == core::ErrorCode::kCorrupt) {
                complain(reader.lineNumber() + 1, more.error().message);
                return {};
            }
            if (!more.ok()) return more.error();
            if (!*more) break;
            checkLine(line, reader.lineNumber(), head);
        }
        if (reader.lineNumber() == 0 && !last) complain(0, "the segment is empty");
        if (reader.rest().empty()) return {};
        report_.openTail = last;
        if (!last) complain(reader.lineNumber() + 1, "the last line has no end");
        return {};
    }

    void checkLine(std::string_view line, std::uint64_t number, const Head* head) {
        const auto record = parseRecord(line);
        if (!record.ok()) {
            complain(number, record.error().message);
            ++state_.seq;
            linkLost_ = true;
            return;
        }
        if (number == 1) takeKind(*record);
        if (record->seq != state_.seq + 1) {
            complain(number, "record " + std::to_string(record->seq) + " stands where " +
                                 std::to_string(state_.seq + 1) + " belongs");
        } else if (record->prev != state_.hash && !linkLost_) {
            complain(number, "the record does not continue the one before it");
        } else if (hash_ && !hashFits(line, *hash_)) {
            complain(number, "the record was changed");
        }
        if (head != nullptr && record->seq == head->state.seq && record->hash != head->state.hash) {
            complain(number, "the record is not the one audit.head knows");
        }
        linkLost_ = false;
        state_ = {record->seq, record->hash};
        ++report_.records;
    }

    /// How this segment is hashed; a step down from keyed to plain is what a forger would need.
    void takeKind(const AuditRecord& first) {
        const auto kind = segmentKind(first);
        if (!kind) {
            complain(1, "the segment's first record does not say how it is hashed");
            return;
        }
        auto hash = chainHash(*kind, ring_);
        if (!hash.ok()) {
            complain(1, hash.error().message);
            return;
        }
        if (seenKeyed_ && kind->keyId == 0) complain(1, "a segment without a key follows one with a key");
        seenKeyed_ = seenKeyed_ || kind->keyId != 0;
        hash_ = *hash;
    }

    void checkEnd(const core::Result<std::optional<Head>>& head) {
        file_ = "audit.head";
        if (options_.expectKeyed && !seenKeyed_ && report_.records > 0)
            complain(0, "the log has no key but should have");
        if (!head.ok()) {
            complain(0, head.error().message);
        } else if (!head->has_value()) {
            if (state_.seq > 0) complain(0, "audit.head is missing");
        } else if ((*head)->state.seq > state_.seq) {
            complain(0, "records " + std::to_string(state_.seq + 1) + " to " + std::to_string((*head)->state.seq) +
                            " are missing at the end");
        }
    }

    const VerifyOptions& options_;
    const crypto::KeyRing* ring_;
    VerifyReport report_;
    ChainState state_;
    std::optional<ChainHash> hash_;
    std::string path_;
    std::string file_;
    std::uint64_t missingSegments_ = 0;
    bool seenKeyed_ = false;
    bool linkLost_ = false;  ///< the line before could not be read, so its hash is not known
};

}  // namespace

core::Result<VerifyReport> verify(const VerifyOptions& options, const crypto::KeyRing* ring) {
    return Verifier(options, ring).run();
}

}  // namespace yimen::audit
