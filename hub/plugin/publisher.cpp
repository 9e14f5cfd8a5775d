#include "plugin/publisher.h"

#include <algorithm>
#include <utility>

#include "core/json.h"

namespace yimen::plugin {

namespace {

using core::Json;
using sync::Batch;
using sync::Op;

bool sameRow(const sync::ChangePage& page, std::size_t row, const std::vector<std::size_t>& fields) {
    if (page.before.op(row) != page.after.op(row)) return false;
    if (page.after.op(row) == Op::kDelete) return true;
    return std::all_of(fields.begin(), fields.end(), [&](std::size_t field) {
        return page.before.isNull(row, field) == page.after.isNull(row, field) &&
               page.before.text(row, field) == page.after.text(row, field);
    });
}

sync::ItemTable chosenFields(const PublishedItem& what) {
    sync::ItemTable out = what.item;
    out.version.reset();
    out.schema.fields.clear();
    for (const std::size_t field : what.fields) out.schema.fields.push_back(what.item.schema.fields[field]);
    return out;
}

}  // namespace

std::string PublishedUpTo::text() const {
    Json out{{"from", from}};
    if (to) out["to"] = *to;
    if (!after.empty()) out["after"] = after;
    return core::writeJson(out);
}

core::Result<PublishedUpTo> PublishedUpTo::read(const sync::Position& text) {
    PublishedUpTo out;
    if (text.empty()) return out;
    const auto wrong = [&text] {
        return core::makeError(core::ErrorCode::kCorrupt,
                               "目标中的位置无法识别 / what the sink keeps as our position is none of ours: give the "
                               "sink another name, or remove the position there",
                               text.substr(0, 200));
    };
    const auto json = core::parseJson(text);
    if (!json.ok() || !json->is_object()) return wrong();
    const auto number = [&json](const char* name) -> std::optional<std::int64_t> {
        const auto found = json->find(name);
        if (found == json->end() || !found->is_number_integer()) return std::nullopt;
        return found->get<std::int64_t>();
    };
    const auto from = number("from");
    if (!from) return wrong();
    out.from = *from;
    out.to = number("to");
    const auto after = json->find("after");
    if (after == json->end()) return out;
    if (!after->is_array() || !out.to) return wrong();
    for (const Json& key : *after) {
        if (!key.is_string()) return wrong();
        out.after.push_back(key.get<std::string>());
    }
    return out;
}

struct Publisher::Work {
    const PublishedItem& what;
    const std::function<bool()>& stop;
    std::unique_ptr<PluginWriter> writer;
    PublishedUpTo at;
    bool begun = false;  ///< the window's end is kept by the sink
    Published done;

    core::Status commit() {
        ++done.commits;
        return writer->commit(at.text());
    }
};

core::Result<Published> Publisher::publish(PluginSink& sink, const PublishedItem& what, sync::RunId run,
                                           const std::function<bool()>& stop) {
    Work work{what, stop, nullptr, {}, false, {}};
    YIMEN_TRY(work.writer, sink.begin(chosenFields(what), run));
    YIMEN_TRY(work.at, PublishedUpTo::read(work.writer->committed()));
    if (work.at.to) {  // a window that was left half done
        work.begun = true;
        YIMEN_TRY_STATUS(window(work));
        if (work.at.to) return work.done;  // stopped
    }
    YIMEN_TRY(const std::int64_t settled, view_.settled());
    work.at.to = std::max(work.at.from, settled);
    work.begun = false;
    YIMEN_TRY_STATUS(window(work));
    return work.done;
}

core::Status Publisher::window(Work& work) {
    sync::ChangeQuery query;
    query.from = work.at.from;
    query.to = *work.at.to;
    query.limit = kPageRows;
    query.after = work.at.after;
    while (!work.stop()) {
        YIMEN_TRY(const auto changes, view_.changes(work.what.item, query));
        YIMEN_TRY_STATUS(page(work, changes));
        if (changes.end) {
            work.at = {query.to, std::nullopt, {}};
            return work.commit();
        }
        query.after = changes.last;
        work.at.after = changes.last;
        YIMEN_TRY_STATUS(work.commit());
    }
    return {};
}

core::Status Publisher::page(Work& work, const sync::ChangePage& page) {
    Batch out;
    out.reset(work.what.fields.size());
    for (std::size_t row = 0; row < page.after.rows(); ++row) {
        if (sameRow(page, row, work.what.fields)) continue;
        const Op op = page.after.op(row);
        // The window's end names the change: a page that is given again has the same.
        const std::size_t added = out.addRow(op, static_cast<std::uint64_t>(*work.at.to));
        for (std::size_t i = 0; i < work.what.fields.size(); ++i) {
            const std::size_t field = work.what.fields[i];
            if (page.after.isNull(row, field)) continue;
            if (!out.set(added, i, page.after.text(row, field))) {
                return core::makeError(core::ErrorCode::kTooLarge, "一页数据过大 / the page is too large");
            }
        }
        ++(op == Op::kDelete ? work.done.deleted : work.done.written);
    }
    if (out.empty()) return {};
    if (!std::exchange(work.begun, true)) YIMEN_TRY_STATUS(work.commit());
    return work.writer->write(out);
}

}  // namespace yimen::plugin
