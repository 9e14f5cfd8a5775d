#include <set>

#include "store/sqlite/backends.h"
#include "store/sqlite/query.h"

namespace yimen::store::sqlite {

namespace {

using core::Result;
using core::Status;
using Number = Poco::Int64;
using Text = std::string;

constexpr const char* kSelect =
    "SELECT id, check_name, subject, severity, message, evidence, opened_at, seen_at, closed_at,"
    " taken_by, taken_at, note FROM alerts";

template <typename Take>
void eachAlert(Query& query, Take take) {
    query.each<Number, Text, Text, Text, Text, Text, Number, Number, Number, Number, Number, Text>(
        [&](Number id, Text& check, Text& subject, Text& severity, Text& message, Text& evidence, Number opened,
            Number seen, Number closed, Number taker, Number taken, Text& note) {
            take(AlertRecord{id, check, subject, severity, message, evidence, core::fromUnixMicros(opened),
                             core::fromUnixMicros(seen), core::fromUnixMicros(closed), taker,
                             core::fromUnixMicros(taken), note});
        });
}

/// True when the case was new.
bool see(Poco::Data::Session& session, const CheckRunRecord& run, const Finding& finding) {
    const std::size_t known = Query(session,
                                    "UPDATE alerts SET severity = ?, message = ?, evidence = ?, seen_at = ?"
                                    " WHERE check_name = ? AND subject = ? AND closed_at = 0")
                                  .bind(finding.severity)
                                  .bind(finding.message)
                                  .bind(finding.evidence)
                                  .bind(run.at)
                                  .bind(run.check)
                                  .bind(finding.subject)
                                  .run();
    if (known > 0) return false;
    Query(session,
          "INSERT INTO alerts (check_name, subject, severity, message, evidence, opened_at, seen_at, closed_at,"
          " taken_by, taken_at, note) VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, 0, '')")
        .bind(run.check)
        .bind(finding.subject)
        .bind(finding.severity)
        .bind(finding.message)
        .bind(finding.evidence)
        .bind(run.at)
        .bind(run.at)
        .run();
    return true;
}

/// Closes the open cases of the check that are not in `found`; how many.
std::int64_t closeOthers(Poco::Data::Session& session, const CheckRunRecord& run, const std::set<std::string>& found) {
    std::vector<std::int64_t> gone;
    Query(session, "SELECT id, subject FROM alerts WHERE check_name = ? AND closed_at = 0")
        .bind(run.check)
        .each<Number, Text>([&](Number id, Text& subject) {
            if (!found.contains(subject)) gone.push_back(id);
        });
    for (const std::int64_t id : gone) {
        Query(session, "UPDATE alerts SET closed_at = ? WHERE id = ?").bind(run.at).bind(id).run();
    }
    return static_cast<std::int64_t>(gone.size());
}

void keepRun(Poco::Data::Session& session, const CheckRunRecord& run) {
    Query(session,
          "INSERT INTO check_runs (check_name, at, millis, found, opened, closed, error) VALUES (?, ?, ?, ?, ?, ?, ?)"
          " ON CONFLICT (check_name) DO UPDATE SET at = excluded.at, millis = excluded.millis, found = excluded.found,"
          " opened = excluded.opened, closed = excluded.closed, error = excluded.error")
        .bind(run.check)
        .bind(run.at)
        .bind(run.millis)
        .bind(run.found)
        .bind(run.opened)
        .bind(run.closed)
        .bind(run.error)
        .run();
}

class SqliteAlertStore final : public AlertStore {
public:
    explicit SqliteAlertStore(std::shared_ptr<Database> database) : database_(std::move(database)) {}

    Result<CheckRunRecord> apply(const CheckRunRecord& run, const std::vector<Finding>& findings) override {
        CheckRunRecord done = run;
        const Status status = database_->write("alert.apply", Durability::kDurable, [&](auto& session) {
            done = run;
            std::set<std::string> found;
            for (const Finding& finding : findings) {
                if (!found.insert(finding.subject).second) continue;
                done.opened += see(session, run, finding) ? 1 : 0;
            }
            done.found = static_cast<std::int64_t>(found.size());
            done.closed = closeOthers(session, run, found);
            keepRun(session, done);
            return Status{};
        });
        return resultOf(status, std::move(done));
    }

    Status failed(const CheckRunRecord& run) override {
        return database_->write("alert.failed", Durability::kDurable, [&](auto& session) {
            keepRun(session, run);
            return Status{};
        });
    }

    Result<std::vector<CheckRunRecord>> runs() override {
        std::vector<CheckRunRecord> found;
        const Status done = database_->read("alert.runs", [&](auto& session) {
            Query(session,
                  "SELECT check_name, at, millis, found, opened, closed, error FROM check_runs"
                  " ORDER BY check_name")
                .template each<Text, Number, Number, Number, Number, Number, Text>(
                    [&](Text& check, Number at, Number millis, Number count, Number opened, Number closed,
                        Text& error) {
                        found.push_back({check, core::fromUnixMicros(at), millis, count, opened, closed, error});
                    });
            return Status{};
        });
        return resultOf(done, std::move(found));
    }

    Result<std::vector<AlertRecord>> list(const std::string& check, bool openOnly) override {
        std::vector<AlertRecord> found;
        const Status done = database_->read("alert.list", [&](auto& session) {
            eachAlert(
                Query(session, kSelect, " WHERE ? IN ('', check_name) AND (? = 0 OR closed_at = 0) ORDER BY id DESC")
                    .bind(check)
                    .bind(std::int64_t{openOnly ? 1 : 0}),
                [&](AlertRecord alert) { found.push_back(std::move(alert)); });
            return Status{};
        });
        return resultOf(done, std::move(found));
    }

    Result<std::optional<AlertRecord>> get(AlertId id) override {
        std::optional<AlertRecord> found;
        const Status done = database_->read("alert.get", [&](auto& session) {
            eachAlert(Query(session, kSelect, " WHERE id = ?").bind(id),
                      [&](AlertRecord alert) { found = std::move(alert); });
            return Status{};
        });
        return resultOf(done, std::move(found));
    }

    Status take(AlertId id, PersonId who, const std::string& note, core::WallTime at) override {
        return database_->write("alert.take", Durability::kDurable, [&](auto& session) -> Status {
            std::size_t known = 0;
            Query(session, "SELECT id FROM alerts WHERE id = ?").bind(id).template each<Number>([&](Number) {
                ++known;
            });
            if (known == 0) return noSuchRow();
            const std::size_t done =
                Query(session,
                      "UPDATE alerts SET taken_by = ?, taken_at = ?, note = ? WHERE id = ? AND closed_at = 0"
                      " AND taken_by IN (0, ?)")
                    .bind(who)
                    .bind(at)
                    .bind(note)
                    .bind(id)
                    .bind(who)
                    .run();
            return done == 1 ? Status{} : Status(changedMeanwhile());
        });
    }

private:
    std::shared_ptr<Database> database_;
};

}  // namespace

std::unique_ptr<AlertStore> makeAlertStore(std::shared_ptr<Database> database) {
    return std::make_unique<SqliteAlertStore>(std::move(database));
}

}  // namespace yimen::store::sqlite
