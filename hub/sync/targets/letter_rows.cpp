#include "sync/targets/letter_rows.h"

#include <limits>
#include <map>

namespace yimen::sync {

namespace {

/// Letters written by one statement.
constexpr std::size_t kAtOnce = 100;

/// Origins are numbers of the source: one above 2^63 is shown as the largest.
std::int64_t signedOrigin(std::uint64_t origin) {
    constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
    return origin > static_cast<std::uint64_t>(kMax) ? kMax : static_cast<std::int64_t>(origin);
}

/// The refusals of one batch that are one letter: the last of them, and how many.
struct Letter {
    const Reject* reject = nullptr;
    std::int64_t times = 0;
};

std::vector<std::pair<std::uint64_t, Letter>> together(const std::vector<Reject>& rejected) {
    std::map<std::pair<std::string_view, std::uint64_t>, std::size_t> known;
    std::vector<std::pair<std::uint64_t, Letter>> out;
    for (const Reject& reject : rejected) {
        const std::uint64_t identity = letterIdentity(reject);
        const auto [place, isNew] = known.emplace(std::pair(std::string_view(reject.rule), identity), out.size());
        if (isNew) out.push_back({identity, {}});
        Letter& letter = out[place->second].second;
        letter.reject = &reject;
        ++letter.times;
    }
    return out;
}

core::Status insert(SqlSession& session, std::size_t count, const std::vector<SqlValue>& values) {
    std::string rows;
    const std::size_t columns = values.size() / count;
    for (std::size_t i = 0; i < values.size(); ++i) {
        rows += i % columns == 0 ? (i == 0 ? "($" : "), ($") : ", $";
        rows += std::to_string(i + 1);
    }
    YIMEN_TRY([[maybe_unused]] const auto written,
              session.run("INSERT INTO sync_dead_letter (item, run, batch, rule, field, message, origin, raw, "
                          "map_version, created_at, identity, keyed, times, last_run, last_seen) VALUES " +
                              rows +
                              ") ON CONFLICT (item, rule, identity) WHERE state = 'open' DO UPDATE SET batch = "
                              "excluded.batch, field = excluded.field, message = excluded.message, origin = "
                              "excluded.origin, raw = excluded.raw, map_version = excluded.map_version, times = "
                              "sync_dead_letter.times + excluded.times, last_run = excluded.last_run, last_seen = "
                              "excluded.last_seen",
                          values));
    return {};
}

/// Closes the open letters of records by their keys; `which` narrows them.
core::Status close(SqlSession& session, const CommitRecord& record, const std::vector<std::uint64_t>& keys,
                   const std::string& state, const std::string& which) {
    if (keys.empty()) return {};
    const bool sqlite = session.dialect() == Dialect::kSqlite;
    const std::string among = sqlite ? "IN (SELECT value FROM json_each($2))" : "= ANY (CAST($2 AS bigint[]))";
    YIMEN_TRY([[maybe_unused]] const auto closed,
              session.run("UPDATE sync_dead_letter SET state = '" + state +
                              "', closed_at = $3 WHERE item = $1 AND identity " + among +
                              " AND keyed = 1 AND state = 'open'" + which,
                          {record.claim->item, keyArray(keys, session.dialect()), record.at}));
    return {};
}

}  // namespace

core::Status writeLetters(SqlSession& session, const CommitRecord& record, const TargetOptions& options) {
    const auto letters = together(record.rejected);
    std::vector<SqlValue> values;
    for (std::size_t i = 0; i < letters.size(); ++i) {
        const auto& [identity, letter] = letters[i];
        const Reject& reject = *letter.reject;
        YIMEN_TRY(std::string raw, options.sealer->seal(reject.raw, record.claim->item));
        for (SqlValue& value :
             std::vector<SqlValue>{record.claim->item, record.claim->run, record.id, reject.rule, reject.field,
                                   reject.message, signedOrigin(reject.origin), SqlBytes{std::move(raw)},
                                   record.batch->mapVersion, record.at, static_cast<std::int64_t>(identity),
                                   std::int64_t{reject.key ? 1 : 0}, letter.times, record.claim->run, record.at}) {
            values.push_back(std::move(value));
        }
        if ((i + 1) % kAtOnce != 0 && i + 1 < letters.size()) continue;
        YIMEN_TRY_STATUS(insert(session, i % kAtOnce + 1, values));
        values.clear();
    }
    for (const auto& [ids, state] :
         {std::pair(&record.letters.replayed, "replayed"), std::pair(&record.letters.resolved, "resolved")}) {
        for (const DeadLetterId id : *ids) {
            YIMEN_TRY([[maybe_unused]] const auto closed,
                      session.run("UPDATE sync_dead_letter SET state = $3, closed_at = $2 WHERE id = $1 AND "
                                  "state = 'open'",
                                  {id, record.at, std::string(state)}));
        }
    }
    YIMEN_TRY_STATUS(close(session, record, record.letters.mended, "resolved", ""));
    return close(session, record, record.letters.replaced, "replaced", " AND batch < " + std::to_string(record.id));
}

core::Status closeVanished(SqlSession& session, const std::string& item, RunId run, std::int64_t now) {
    YIMEN_TRY(
        [[maybe_unused]] const auto closed,
        session.run("UPDATE sync_dead_letter SET state = 'gone', closed_at = $3 WHERE item = $1 AND keyed = 1 AND "
                    "state = 'open' AND last_run < $2",
                    {item, run, now}));
    return {};
}

}  // namespace yimen::sync
