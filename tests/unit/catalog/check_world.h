#pragma once

#include <map>
#include <set>

#include "catalog/check_runner.h"
#include "support/repository.h"
#include "unit/store/backend.h"
#include "unit/sync/targets/backends.h"

namespace yimen::catalog::test {

using CheckBackends = ::testing::Types<sync::SqliteBackend, sync::PostgresBackend>;

/// The district's own checks over items that a test makes up.
template <typename Backend>
class CheckWorld : public ::testing::Test {
public:
    struct Column {
        const char* name;
        sync::FieldType type;
        bool key;
    };

    void item(const std::string& code, const std::string& table, const std::vector<Column>& columns) {
        sync::ItemSpec spec{
            {}, {}, {}, {}, {}, sync::Contract::kEvolve, {}, {}, "v1", document->root(), document->root(), {}, {}};
        spec.table.code = code;
        spec.table.table = table;
        spec.table.system = "test-system";
        for (const Column& column : columns) {
            spec.table.schema.fields.push_back({column.name, column.name, column.type, column.key, column.key});
        }
        EXPECT_TRUE(shared.target->prepare(spec.table).ok());
        specs.emplace(code, std::move(spec));
    }
    /// Rows in the order of the fields; "~" is null.
    void put(const std::string& code, const std::vector<std::vector<std::string>>& rows) {
        const sync::ItemTable& table = specs.at(code).table;
        const auto run = sync::valueOf(shared.runs->begin(code, sync::ReadMode::kIncremental, "m1"));
        const auto taken = sync::valueOf(shared.target->takeOver(code, "", run.id));
        const auto writer = sync::valueOf(shared.target->writer(table, false));
        sync::Batch batch;
        batch.reset(table.schema.fields.size());
        for (const auto& row : rows) {
            const std::size_t number = batch.addRow(sync::Op::kUpsert, batch.rows() + 1);
            for (std::size_t i = 0; i < row.size(); ++i) {
                if (row[i] == "~") continue;
                EXPECT_TRUE(batch.set(number, i, row[i]));
            }
        }
        sync::Commit commit;
        commit.rows = &batch;
        commit.read = rows.size();
        commit.after = "p";
        commit.mapVersion = "m1";
        const auto added = writer->commit(taken.claim, commit);
        EXPECT_TRUE(added.ok() && added->rejected == 0) << code;
        EXPECT_TRUE(shared.runs->finish(run.id, sync::RunState::kDone, "").ok());
    }
    const CheckSpec& check(const std::string& name) const {
        for (const CheckSpec& one : checks) {
            if (one.name == name) return one;
        }
        ADD_FAILURE() << "no check " << name;
        return checks.front();
    }
    store::CheckRunRecord run(const std::string& name) {
        const auto done = runner.run(check(name));
        EXPECT_TRUE(done.ok()) << (done.ok() ? "" : done.error().describe());
        return done.ok() ? *done : store::CheckRunRecord{};
    }
    core::ErrorCode refusal(const std::string& name) {
        const auto done = runner.run(check(name));
        EXPECT_FALSE(done.ok());
        return done.ok() ? core::ErrorCode::kInternal : done.error().code;
    }
    std::vector<store::AlertRecord> alerts() { return *stores.alerts->list("", true); }
    /// The Chinese halves of the open alerts' messages, sorted, one a line.
    std::string messages() {
        std::multiset<std::string> all;
        for (const auto& alert : alerts()) all.insert(alert.message.substr(0, alert.message.find(" / ")));
        std::string out;
        for (const std::string& one : all) out += one + "\n";
        return out;
    }
    /// A time as the database writes it.
    static std::string shownTime(const std::string& day, const std::string& time) {
        return Backend::kPostgres ? day + " " + time + "+08" : day + "T" + time + "+08:00";
    }

    store::test::TempFolder folder;
    core::SystemClock clock;
    core::SystemRandom random;
    crypto::KeyRing keys = crypto::KeyRing::ephemeral(random);
    store::Stores stores = store::sqlite::open({folder.file("hub.db"), 4, 5000}).value();
    Backend backend;
    sync::SharedDatabase shared = sync::valueOf(backend.open(options()));
    core::Result<config::YamlDocument> document = config::YamlDocument::parse("{}", "data.yaml");
    std::map<std::string, sync::ItemSpec> specs;
    std::vector<CheckSpec> checks = sync::valueOf(readChecks(yimen::test::repository() + "/policies/checks"));
    CheckRunner runner{{*shared.inquirer, *stores.alerts,
                        [this](const std::string& code) {
                            const auto found = specs.find(code);
                            return found == specs.end() ? nullptr
                                                        : std::make_shared<const sync::ItemSpec>(found->second);
                        },
                        clock, ShareMasks(keys.deriveActive("share_masks"))}};

private:
    sync::TargetOptions options() {
        sync::TargetOptions out;
        out.clock = &clock;
        out.sealer = std::make_shared<sync::TestSealer>();
        return out;
    }
};

}  // namespace yimen::catalog::test
