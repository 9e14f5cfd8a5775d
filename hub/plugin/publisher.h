#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "plugin/plugin_sink.h"
#include "sync/item_view.h"
#include "sync/run.h"

namespace yimen::plugin {

/// Where the publishing of an item stands, as the sink keeps it: all up to `from` (ms since 1970) is there; of the
/// window up to `to`, which is fixed once it has begun, the rows up to the key `after`. In JSON
/// {"from":1,"to":2,"after":["k"]}.
struct PublishedUpTo {
    std::int64_t from = 0;
    std::optional<std::int64_t> to;
    std::vector<std::string> after;

    std::string text() const;
    /// kCorrupt for a text that is none; an empty one is the beginning.
    static core::Result<PublishedUpTo> read(const sync::Position& text);
};

struct Published {
    std::uint64_t written = 0;
    std::uint64_t deleted = 0;
    std::uint64_t commits = 0;
};

/// An item and those of its fields that the sink gets, by their numbers; the key is among them.
struct PublishedItem {
    sync::ItemTable item;
    std::vector<std::size_t> fields;
};

/// Gives a sink what changed in an item since the sink's own position: the net change of each key, page by page, each
/// with the position behind it. Where the sink commits both as one, nothing is lost or doubled, whatever is killed;
/// else a page may come twice, the same. Nothing of a commit that is still under way is given. Blocking; any thread,
/// one for an item and a sink at a time (a second one ends the first where the sink fences).
class Publisher {
public:
    static constexpr std::size_t kPageRows = 2000;

    explicit Publisher(sync::ItemView& view) : view_(view) {}
    /// `stop` is asked between pages.
    core::Result<Published> publish(PluginSink& sink, const PublishedItem& what, sync::RunId run,
                                    const std::function<bool()>& stop);

private:
    struct Work;
    core::Status window(Work& work);
    core::Status page(Work& work, const sync::ChangePage& page);

    sync::ItemView& view_;
};

}  // namespace yimen::plugin
