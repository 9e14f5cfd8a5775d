#include <cstdio>

#include "main/sync_commands.h"

namespace yimen::main {

int syncDead(SyncOpened& opened, const Arguments& arguments) {
    const std::string item = arguments.rest().size() == 2 ? arguments.rest()[1] : "";
    const auto groups = opened.data->shared().deadLetters->groups();
    if (!groups.ok()) return failed(groups.error());
    std::size_t shown = 0;
    for (const auto& group : *groups) {
        if (!item.empty() && group.item != item) continue;
        ++shown;
        const std::string cause = group.rule + (group.field.empty() ? "" : ":" + group.field);
        std::printf("%-12s %-32s %llu open, last refused by run %lld\n", group.item.c_str(), cause.c_str(),
                    static_cast<unsigned long long>(group.open), static_cast<long long>(group.lastRun));
    }
    if (shown > 0) return 0;
    // Letters of an item that nothing supplies any more are shown; a code that never was is a slip.
    if (!item.empty()) {
        if (const auto place = opened.data->find(item); !place.ok()) return failed(place.error());
    }
    std::printf("no open dead letter\n");
    return 0;
}

namespace {

/// Who had letters taken in is known before they are. A dry run changes nothing and may be made beside a hub.
core::Status accountForReplay(const SyncOpened& opened, const sync::ReplayWish& wish, const std::string& cause) {
    if (wish.dryRun && !opened.base->audit) return {};
    audit::AuditEvent event;
    event.type = "sync.letters.replay";
    event.fields = {{"item", wish.filter.item}, {"dry_run", wish.dryRun ? "true" : "false"}, {"cause", cause}};
    return account(opened, std::move(event), "replay on its page (POST /api/v1/sync/dead-letters/replay)");
}

}  // namespace

int syncReplay(SyncOpened& opened, const Arguments& arguments) {
    const std::string& code = arguments.rest()[1];
    const auto place = opened.data->find(code);
    if (!place.ok()) return failed(place.error());
    sync::ReplayWish wish;
    wish.filter.item = code;
    wish.dryRun = arguments.flag("dry-run");
    const std::string cause = arguments.option("cause");
    wish.filter.rule = cause.substr(0, cause.find(':'));
    if (cause.find(':') != std::string::npos) wish.filter.field = cause.substr(cause.find(':') + 1);
    if (const auto noted = accountForReplay(opened, wish, cause); !noted.ok()) return failed(noted.error());
    const auto report = opened.data->replayer().replay(*place->system, *place->item, wish);
    if (!report.ok()) return failed(report.error());
    const sync::Counters& c = report->counters;
    std::printf(
        "%s: %llu letters, %llu %s (inserted %llu, updated %llu, unchanged %llu, deleted %llu), %llu refused, "
        "%llu unreadable\n",
        code.c_str(), static_cast<unsigned long long>(report->letters), static_cast<unsigned long long>(report->passed),
        wish.dryRun ? "would pass" : "passed", static_cast<unsigned long long>(c.inserted),
        static_cast<unsigned long long>(c.updated), static_cast<unsigned long long>(c.unchanged),
        static_cast<unsigned long long>(c.deleted), static_cast<unsigned long long>(report->refused),
        static_cast<unsigned long long>(report->unreadable));
    for (const sync::ReplayedLetter& letter : report->details) {
        if (letter.passed) continue;
        std::printf("  letter %lld  %s %s: %s\n", static_cast<long long>(letter.id), letter.rule.c_str(),
                    letter.field.c_str(), letter.message.c_str());
    }
    if (report->outdated > 0) {
        std::printf("  %llu left alone: the item has newer records, or somebody dealt with the letters meanwhile\n",
                    static_cast<unsigned long long>(report->outdated));
    }
    if (report->more) std::printf("  there are more: replay again\n");
    return report->refused + report->unreadable > 0 ? 1 : 0;
}

}  // namespace yimen::main
