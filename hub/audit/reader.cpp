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
        if (query_.type.ends_with('.')) return event.type.starts_with(query_.type);
        return query_.type.empty() || event.type == query_.type;
    }

private:
    const AuditQuery& query_;
    std::vector<std::string> needles_;
};

/// The newest `keep` matches of one segment, oldest first.
core::Result<std::deque<AuditRecord>> scan(const std::string& path, const Filter& filter, std::size_t keep) {
    YIMEN_TRY(auto reader, LineReader::open(path));
    std::deque<AuditRecord> found;
    for (std::string_view line;;) {
        YIMEN_TRY(const bool more, reader.next(line));
        if (!more) return found;
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
    for (auto number = segments.rbegin(); number != segments.rend() && page.records.size() <= limit; ++number) {
        // One more than asked for tells whether there is a next page.
        YIMEN_TRY(auto found, scan(segmentPath(directory, *number), filter, limit + 1 - page.records.size()));
        std::move(found.rbegin(), found.rend(), std::back_inserter(page.records));
    }
    if (page.records.size() > limit) {
        page.records.resize(limit);
        page.nextBefore = page.records.back().seq;
    }
    return page;
}

}  // namespace yimen::audit
