#include "audit/reader.h"

#include <algorithm>
#include <deque>

#include "audit/segments.h"
#include "core/json.h"

namespace yimen::audit {

namespace {

/// `"name":"value"` as the log writes it: lets most lines be passed over without reading them as JSON.
std::string fragment(std::string_view name, const std::string& value) {
    return "\"" + std::string(name) + "\":" + core::writeJson(core::Json(value));
}

class Filter {
public:
    explicit Filter(const AuditQuery& query) : query_(query) {
        if (!query.actor.empty()) needles_.push_back(fragment("actor", query.actor));
        if (!query.system.empty()) needles_.push_back(fragment("system", query.system));
        if (!query.object.empty()) needles_.push_back(":" + core::writeJson(core::Json(query.object)));
    }

    bool mayMatch(std::string_view line) const {
        return std::all_of(needles_.begin(), needles_.end(),
                           [&](const auto& needle) { return line.find(needle) != std::string_view::npos; });
    }

    bool matches(const AuditRecord& record) const {
        const AuditEvent& event = record.event;
        if (query_.beforeSeq != 0 && record.seq >= query_.beforeSeq) return false;
        if (query_.from && record.at < *query_.from) return false;
        if (query_.to && record.at >= *query_.to) return false;
        if (!query_.actor.empty() && event.actor != query_.actor) return false;
        if (!query_.system.empty() && event.system != query_.system) return false;
        if (!query_.object.empty() && !isAbout(event)) return false;
        if (query_.type.ends_with('.')) return event.type.starts_with(query_.type);
        return query_.type.empty() || event.type == query_.type;
    }

    /// Whether a segment that begins with `first` may hold a match.
    bool mayBegin(const AuditRecord& first) const {
        return (query_.beforeSeq == 0 || first.seq < query_.beforeSeq) && (!query_.to || first.at < *query_.to);
    }
    /// Whether what came before `first` may match.
    bool mayPrecede(const AuditRecord& first) const { return !query_.from || first.at >= *query_.from; }

private:
    bool isAbout(const AuditEvent& event) const {
        const std::string& object = query_.object;
        return event.subject == object || event.system == object ||
               std::any_of(event.fields.begin(), event.fields.end(),
                           [&](const auto& field) { return field.second == object; });
    }

    const AuditQuery& query_;
    std::vector<std::string> needles_;
};

/// The first record of a segment; nothing when that line is damaged or not there yet.
core::Result<std::optional<AuditRecord>> firstOf(const std::string& path) {
    YIMEN_TRY(auto reader, LineReader::open(path));
    std::string_view line;
    YIMEN_TRY(const bool more, reader.next(line));
    if (!more) return std::optional<AuditRecord>();
    auto record = parseRecord(line);
    return record.ok() ? std::optional<AuditRecord>(std::move(record).value()) : std::nullopt;
}

/// The newest `keep` matches of one segment, oldest first. `looked` grows by its bytes.
core::Result<std::deque<AuditRecord>> scan(const std::string& path, const Filter& filter, std::size_t keep,
                                           std::uint64_t& looked) {
    YIMEN_TRY(auto reader, LineReader::open(path));
    std::deque<AuditRecord> found;
    for (std::string_view line;;) {
        YIMEN_TRY(const bool more, reader.next(line));
        if (!more) {
            looked += reader.offset();
            return found;
        }
        if (!filter.mayMatch(line)) continue;
        auto record = parseRecord(line);
        if (!record.ok() || !filter.matches(*record)) continue;
        found.push_back(std::move(record).value());
        if (found.size() > keep) found.pop_front();
    }
}

}  // namespace

core::Result<AuditPage> readAudit(const std::string& directory, const AuditQuery& query) {
    const std::size_t limit = std::clamp<std::size_t>(query.limit, 1, AuditQuery::kMaxLimit);
    const Filter filter(query);
    YIMEN_TRY(const auto segments, listSegments(directory));
    AuditPage page;
    std::uint64_t looked = 0;
    std::uint64_t reached = 0;  // everything from this number on was looked through
    for (auto number = segments.rbegin(); number != segments.rend() && page.records.size() <= limit; ++number) {
        const std::string path = segmentPath(directory, *number);
        YIMEN_TRY(const auto first, firstOf(path));
        if (first && !filter.mayBegin(*first)) continue;
        if (looked >= query.maxBytes && reached != 0) {
            page.cut = true;
            page.nextBefore = reached;
            break;
        }
        // One more than asked for tells whether there is a next page.
        YIMEN_TRY(auto found, scan(path, filter, limit + 1 - page.records.size(), looked));
        std::move(found.rbegin(), found.rend(), std::back_inserter(page.records));
        if (!first) continue;
        reached = first->seq;
        if (!filter.mayPrecede(*first)) break;
    }
    if (page.records.size() > limit) {
        page.records.resize(limit);
        page.nextBefore = page.records.back().seq;
        page.cut = false;
    }
    return page;
}

}  // namespace yimen::audit
