#pragma once

#include <gtest/gtest.h>

#include <filesystem>

#include "admin/data_desk.h"
#include "support/repository.h"
#include "sync/targets/sqlite_database.h"
#include "unit/web/fixture.h"

namespace yimen::admin {

class PlainSealer final : public sync::Sealer {
public:
    core::Result<std::string> seal(std::string_view plain, std::string_view) override { return std::string(plain); }
    core::Result<std::string> unseal(std::string_view sealed, std::string_view) override { return std::string(sealed); }
};

/// The district's catalogue over an empty shared database; one item is supplied.
class TestDesk final : public DataDesk {
public:
    explicit TestDesk(const core::Clock& clock)
        : folder_(std::filesystem::temp_directory_path() / ("yimen-desk-" + std::to_string(::getpid()))) {
        std::filesystem::create_directories(folder_);
        sync::TargetOptions options;
        options.clock = &clock;
        options.sealer = std::make_shared<PlainSealer>();
        shared_ = sync::sqlite::open((folder_ / "shared.db").string(), options).value();
        item.table.code = "ZS-SQ-013";
        item.table.table = "grid_event";
        item.table.schema.fields.resize(1);
        item.table.schema.fields[0] = {"event_no", "事件编号", sync::FieldType::kText, true, true};
    }
    ~TestDesk() override { std::filesystem::remove_all(folder_); }

    const catalog::Catalog& catalog() const override { return catalog_; }
    sync::ItemSpecPtr spec(const std::string& code) const override {
        return code == item.table.code ? std::make_shared<const sync::ItemSpec>(item) : nullptr;
    }
    sync::SharedDatabase& shared() override { return shared_; }
    std::vector<std::pair<std::string, std::shared_ptr<sync::Progress>>> running() const override { return now; }
    bool act(const std::string&, bool cancel) override {
        woken += cancel ? 0 : 1;
        return !now.empty();
    }

    core::Result<sync::BackfillPlan> planBackfill(const std::string& code, const sync::Range& range) override {
        if (spec(code) == nullptr) return core::makeError(core::ErrorCode::kNotFound, "nothing supplies it");
        if (range.column == "nix") return core::makeError(core::ErrorCode::kInvalidInput, "no column 'nix'");
        return sync::BackfillPlan{
            {range.column.empty() ? "event_no" : range.column, range.from, range.to}, {"event_no", "updated_at"}, true};
    }

    core::Result<sync::ReplayReport> replay(const std::string& code, const sync::ReplayWish& wish) override {
        if (spec(code) == nullptr) return core::makeError(core::ErrorCode::kNotFound, "nothing supplies it");
        wished = wish;
        sync::ReplayReport report;
        report.letters = 3;
        report.passed = 2;
        report.refused = 1;
        report.details = {{7, false, "id_card", "id_no", "check digit"}};
        if (!wish.dryRun) report.run = 9;
        return report;
    }

    sync::ReplayWish wished;
    core::Result<config::YamlDocument> document = config::YamlDocument::parse("{}", "data.yaml");
    sync::ItemSpec item{{}, {}, {}, {}, {}, sync::Contract::kEvolve, {}, {}, "v1", document->root(), document->root(),
                        {}, {}};
    std::vector<std::pair<std::string, std::shared_ptr<sync::Progress>>> now;
    int woken = 0;

private:
    std::filesystem::path folder_;
    catalog::Catalog catalog_ =
        catalog::Catalog::load(yimen::test::repository() + "/policies/catalog/items.json").value();
    sync::SharedDatabase shared_;
};

/// The API of the data side with a data steward signed in.
class DataFixture : public ::testing::Test {
protected:
    DataFixture() : desk(hub.world.clock) {
        EXPECT_TRUE(mountData(hub.router, hub.context, desk).ok());
        hub.signIn("sunzhuan", "210299D11", "data_steward");
    }
    core::Json get(const std::string& target) {
        const http::Response answer = hub.get(target);
        EXPECT_EQ(answer.status, 200) << answer.body;
        return core::parseJson(answer.body).value();
    }
    web::test::HubWorld hub;
    TestDesk desk;
};

}  // namespace yimen::admin
