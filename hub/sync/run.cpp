#include "sync/run.h"

namespace yimen::sync {

std::string_view toString(RunKind kind) noexcept {
    switch (kind) {
        case RunKind::kSync:
            return "sync";
        case RunKind::kBackfill:
            return "backfill";
        case RunKind::kReplay:
            return "replay";
    }
    return "sync";
}

std::string_view partitionOf(RunKind kind) noexcept {
    return kind == RunKind::kBackfill ? "~backfill" : kind == RunKind::kReplay ? "~replay" : "";
}

std::string_view toString(RunState state) noexcept {
    switch (state) {
        case RunState::kRunning:
            return "running";
        case RunState::kDone:
            return "done";
        case RunState::kPartial:
            return "partial";
        case RunState::kFailed:
            return "failed";
        case RunState::kRetrying:
            return "retrying";
        case RunState::kCancelled:
            return "cancelled";
    }
    return "failed";
}

}  // namespace yimen::sync
