#include "sync/runner/replayer.h"

#include <algorithm>
#include <set>
#include <utility>

#include "core/json.h"
#include "sync/raw_row.h"

namespace yimen::sync {

namespace {

constexpr std::size_t kPage = 1000;

/// The columns that the texts name, in order of their names.
std::vector<SourceField> columnsOf(const std::vector<std::string>& texts) {
    std::set<std::string> names;
    for (const std::string& text : texts) {
        const auto json = core::parseJson(text);
        if (!json.ok() || !json->is_object()) continue;
        for (const auto& [name, value] : json->items()) names.insert(name);
    }
    std::vector<SourceField> out;
    for (const std::string& name : names) out.push_back({name, ""});
    return out;
}

}  // namespace

struct Replayer::Work {
    const SystemData& system;
    const ItemSpec& item;
    const ReplayWish& wish;
    Claim claim;
    std::unique_ptr<ItemWriter> writer;
    ReplayReport report;

    const std::string& textOf(const DeadLetter& letter) const {
        const auto edited = wish.edits.find(letter.id);
        return edited == wish.edits.end() ? letter.reject.raw : edited->second;
    }
    void note(ReplayedLetter letter) {
        if (report.details.size() < ReplayReport::kMaxDetails) report.details.push_back(std::move(letter));
    }
};

core::Result<ReplayReport> Replayer::replay(const SystemData& system, const ItemSpec& item, const ReplayWish& wish) {
    Work work{system, item, wish, {item.table.code, std::string(partitionOf(RunKind::kReplay)), 0, 0}, {}, {}};
    SharedDatabase& shared = parts_.shared;
    YIMEN_TRY([[maybe_unused]] const SchemaChange change, shared.target->prepare(item.table));
    YIMEN_TRY(work.writer, shared.target->writer(item.table, false));
    if (wish.dryRun) {
        YIMEN_TRY_STATUS(pages(work));
        return std::move(work.report);
    }
    const std::string& code = item.table.code;
    YIMEN_TRY(const Run run, shared.runs->begin(code, ReadMode::kIncremental, item.mapVersion, RunKind::kReplay));
    YIMEN_TRY(TakenOver taken, shared.target->takeOver(code, work.claim.partition, run.id));
    work.claim = std::move(taken.claim);
    work.report.run = run.id;
    const core::Status ended = pages(work);
    const bool waits = work.report.refused + work.report.unreadable > 0;
    YIMEN_TRY_STATUS(shared.runs->finish(run.id,
                                         !ended.ok() ? RunState::kFailed
                                         : waits     ? RunState::kPartial
                                                     : RunState::kDone,
                                         ended.ok() ? "" : ended.error().message));
    YIMEN_TRY_STATUS(ended);
    return std::move(work.report);
}

core::Status Replayer::pages(Work& work) {
    DeadLetterId after = 0;
    while (true) {
        YIMEN_TRY(auto letters, parts_.shared.deadLetters->open(work.wish.filter, after, kPage));
        if (letters.empty()) return {};
        if (work.report.letters >= kMaxLetters) {
            work.report.more = true;
            return {};
        }
        after = letters.back().id;
        // What this replay itself refused for another cause is not tried twice.
        std::erase_if(letters, [&](const DeadLetter& letter) { return letter.run == work.claim.run; });
        work.report.letters += letters.size();
        if (!letters.empty()) YIMEN_TRY_STATUS(page(work, letters));
    }
}

core::Result<std::unique_ptr<Mapper>> Replayer::mapperFor(Work& work, std::vector<SourceField>& columns) {
    auto mapper = parts_.mappers(work.item, columns);
    if (mapper.ok()) return mapper;
    // The mapping reads a column that no letter has: what the source has now says whether that is right.
    const auto source = parts_.sources(work.system, work.item);
    if (!source.ok()) return mapper;
    const auto now = (*source)->describe();
    if (!now.ok()) return mapper;
    for (const SourceField& column : *now) {
        const auto same = [&](const SourceField& one) { return one.name == column.name; };
        if (std::none_of(columns.begin(), columns.end(), same)) columns.push_back(column);
    }
    return parts_.mappers(work.item, columns);
}

void Replayer::unreadable(Work& work, const DeadLetter& letter, const std::string& why) {
    ++work.report.unreadable;
    work.note({letter.id, false, "format", "",
               why.empty()
                   ? "原始记录不是 JSON 对象，请先修改 / the record is no JSON object of column to text: edit it first"
                   : why});
}

core::Status Replayer::page(Work& work, const std::vector<DeadLetter>& letters) {
    std::vector<std::string> texts;
    for (const DeadLetter& letter : letters) texts.push_back(work.textOf(letter));
    std::vector<SourceField> columns = columnsOf(texts);
    if (columns.empty()) {  // not one of them is a record
        for (const DeadLetter& letter : letters) unreadable(work, letter);
        return {};
    }
    YIMEN_TRY(const auto mapper, mapperFor(work, columns));
    Batch raw;
    raw.reset(columns.size());
    std::vector<const DeadLetter*> rows;
    for (std::size_t i = 0; i < letters.size(); ++i) {
        const core::Status read = addRawRow(columns, texts[i], letters[i].reject.origin, raw);
        if (read.ok()) {
            rows.push_back(&letters[i]);
            continue;
        }
        unreadable(work, letters[i], read.error().message);
    }
    if (raw.empty()) return {};
    Mapped mapped;
    mapped.reset(work.item.table.schema.fields.size());
    YIMEN_TRY_STATUS(mapper->map(raw, mapped));
    return commit(work, mapped, rows, columns, raw);
}

core::Status Replayer::commit(Work& work, Mapped& mapped, const std::vector<const DeadLetter*>& rows,
                              const std::vector<SourceField>& columns, const Batch& raw) {
    std::vector<Commit::Replayed> letters;
    for (const DeadLetter* letter : rows) {
        letters.push_back({letter->id, {}, {}, letter->times, work.wish.edits.contains(letter->id)});
    }
    for (std::uint32_t row = 0; row < mapped.sources.size(); ++row) letters[mapped.sources[row]].row = row;
    for (std::uint32_t i = 0; i < mapped.rejected.size(); ++i) {
        letters[mapped.refusedSources[i]].reject = i;
        mapped.rejected[i].raw = work.textOf(*rows[mapped.refusedSources[i]]);
    }
    std::vector<DeadLetterId> left;
    Commit batch;
    batch.rows = &mapped.rows;
    batch.rejected = mapped.rejected;
    batch.read = raw.rows();
    batch.from = "letter:" + std::to_string(rows.front()->id);
    batch.after = "letter:" + std::to_string(rows.back()->id);
    batch.mapVersion = work.item.mapVersion;
    batch.trial = work.wish.dryRun;
    batch.replayed = letters;
    batch.left = &left;
    batch.raw = [&](std::size_t row) { return rawRowText(columns, raw, mapped.sources[row]); };
    YIMEN_TRY(const Counters added, work.writer->commit(work.claim, batch));
    work.report.counters += added;
    work.report.refused += added.rejected;
    work.report.outdated += left.size();
    work.report.passed += added.read - added.rejected;
    const std::set<DeadLetterId> leftAlone(left.begin(), left.end());
    for (const Commit::Replayed& letter : letters) {
        if (leftAlone.contains(letter.id)) {
            work.note({letter.id, false, "outdated", "",
                       "数据项已有更新的记录，或已被他人处理 / the item has this record from a newer read, or somebody "
                       "dealt with the letter meanwhile: it was left alone"});
        } else if (letter.reject) {
            const Reject& reject = mapped.rejected[*letter.reject];
            work.note({letter.id, false, reject.rule, reject.field, reject.message});
        } else {
            work.note({letter.id, true, "", "", ""});
        }
    }
    return {};
}

}  // namespace yimen::sync
