#pragma once

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <string>

#include "integration/sync/feed.h"

namespace yimen::sync {

inline ItemTable faultItem() {
    ItemTable item;
    item.code = "ZS-FAULT";
    item.table = "fault_rows";
    item.system = "demo";
    item.schema.fields = {{"id", "", FieldType::kText, true, true},
                          {"name", "", FieldType::kText, false, false},
                          {"n", "", FieldType::kInteger, false, false}};
    return item;
}

inline TargetOptions faultOptions(const core::Clock& clock) {
    TargetOptions out;
    out.clock = &clock;
    out.sealer = std::make_shared<TestSealer>();
    return out;
}

/// What a process does that syncs the item: goes on with the run of the generation that is under way and reads to its
/// end. Exit codes: 0 done, 3 the claim was lost, 4 the database was gone, 1 anything else.
inline int work(SharedDatabase& shared, int generation) {
    const auto fail = [](const core::Error& error) {
        if (error.code == core::ErrorCode::kConflict) return 3;
        if (error.code == core::ErrorCode::kUnavailable) return 4;
        std::fprintf(stderr, "worker: %s\n", error.describe().c_str());
        return 1;
    };
    const ItemTable item = faultItem();
    if (const auto done = shared.target->prepare(item); !done.ok()) return fail(done.error());
    const auto run = shared.runs->begin(item.code, ReadMode::kFull, "m");
    if (!run.ok()) return fail(run.error());
    const auto taken = shared.target->takeOver(item.code, "", run->id);
    if (!taken.ok()) return fail(taken.error());
    const auto writer = shared.target->writer(item, true);
    if (!writer.ok()) return fail(writer.error());
    const Feed feed(generation);
    // A complete read begins anew in a new run; the position of the run before is where that one ended.
    for (int number = taken->batch == 0 ? 0 : std::stoi(taken->position); number < Feed::kBatches; ++number) {
        const Batch rows = feed.batch(number);
        const auto added = (*writer)->commit(taken->claim, feed.commit(rows, number));
        if (!added.ok()) return fail(added.error());
    }
    const auto removed = (*writer)->removeUnseen(taken->claim, {1.0, false, std::nullopt});
    if (!removed.ok()) return fail(removed.error());
    const auto finished = shared.runs->finish(run->id, RunState::kDone, "");
    return finished.ok() ? 0 : fail(finished.error());
}

/// A child process that opens the database for itself.
template <typename Backend>
pid_t startWorker(Backend& backend, int generation, const FailPoint& failPoint = {}, Fencing fencing = Fencing::kOn) {
    const pid_t child = ::fork();
    if (child != 0) return child;
    const core::SystemClock clock;
    TargetOptions options = faultOptions(clock);
    options.failPoint = failPoint;
    options.fencing = fencing;
    auto shared = backend.open(options);
    ::_exit(shared.ok() ? work(*shared, generation) : 4);
}

/// -1 when it died of a signal.
inline int exitOf(pid_t child) {
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace yimen::sync
