#pragma once

#include <algorithm>
#include <map>

#include "catalog/share_reader.h"
#include "catalog/share_service.h"
#include "catalog/share_tokens.h"
#include "support/repository.h"
#include "sync/targets/sqlite_database.h"
#include "unit/store/backend.h"

namespace yimen::catalog::test {

class PlainSealer final : public sync::Sealer {
public:
    core::Result<std::string> seal(std::string_view plain, std::string_view) override { return std::string(plain); }
    core::Result<std::string> unseal(std::string_view sealed, std::string_view) override { return std::string(sealed); }
};

/// A district with two streets, one of which has a community, and departments.
class Units final : public UnitTree {
public:
    bool exists(const std::string& unit) const override { return parents.contains(unit); }
    std::vector<std::string> codesUnder(const std::string& unit) const override {
        std::vector<std::string> out;
        for (const auto& [code, parent] : parents) {
            std::string at = code;
            while (!at.empty() && at != unit) at = parents.at(at);
            if (!at.empty()) out.push_back(code);
        }
        return out;
    }
    std::string unitNamed(const std::string& name) const override {
        return name == "区民政局" ? "D04" : name == "区大数据中心" ? "D11" : "";
    }
    std::map<std::string, std::string> parents{
        {"210299", ""},          {"210299001", "210299"}, {"210299001001", "210299001"},
        {"210299002", "210299"}, {"old-2", "210299002"},  {"D04", "210299"},
        {"D11", "210299"},       {"D15", "210299"}};
};

/// Payments of aid (ZS-MS-005) in a shared database, and everything sharing needs.
class ShareWorld {
public:
    ShareWorld() {
        sync::TargetOptions options;
        options.clock = &clock;
        options.sealer = std::make_shared<PlainSealer>();
        shared = sync::sqlite::open(folder.file("shared.db"), options).value();
        item.table.code = "ZS-MS-005";
        item.table.table = "aid_payment";
        item.table.system = "nat-salvation";
        using sync::FieldType;
        item.table.schema.fields = {{"id", "主键", FieldType::kInteger, true, true},
                                    {"name", "姓名", FieldType::kText, false, false},
                                    {"id_no", "证件号码", FieldType::kText, false, false},
                                    {"phone", "电话", FieldType::kText, false, false},
                                    {"address", "住址", FieldType::kText, false, false},
                                    {"town", "街镇代码", FieldType::kText, false, false},
                                    {"month", "发放年月", FieldType::kText, false, false},
                                    {"amount", "金额", FieldType::kDecimal, false, false},
                                    {"account", "银行账号", FieldType::kText, false, false}};
        EXPECT_TRUE(shared.target->prepare(item.table).ok());
        const auto run = shared.runs->begin(item.table.code, sync::ReadMode::kIncremental, "m1").value();
        claim = shared.target->takeOver(item.table.code, "", run.id).value().claim;
        writer = shared.target->writer(item.table, false).value();
    }

    /// One row; `town` places it. An empty town removes it.
    void put(const std::string& id, const std::string& town, const std::string& month = "202610",
             const std::string& account = "6222") {
        sync::Batch batch;
        batch.reset(item.table.schema.fields.size());
        batch.addRow(town.empty() ? sync::Op::kDelete : sync::Op::kUpsert, 1);
        const std::vector<std::string> cells{
            id,      "张三丰", "210299195001011234", "13800001234", "大连市甘井子区机场街道迎客路5号", town, month,
            "812.5", account};
        for (std::size_t i = 0; i < cells.size(); ++i) EXPECT_TRUE(batch.set(0, i, cells[i]));
        sync::Commit commit;
        commit.rows = &batch;
        commit.read = 1;
        commit.after = "p";
        commit.mapVersion = "m1";
        const auto done = writer->commit(claim, commit);
        EXPECT_TRUE(done.ok()) << done.error().describe();
    }
    /// So much later that everything written so far is settled.
    void settle() { clock.advance(std::chrono::seconds(10)); }

    static core::Json terms() {
        return core::parseJson(R"({"columns": [{"field": "id", "filter": true}, {"field": "month", "filter": true},
            {"field": "name", "mask": "name"}, {"field": "id_no", "mask": "hash", "filter": true,
             "plain_for": ["leader"]}, {"field": "phone", "mask": "phone"}, {"field": "address", "mask": "address"}],
            "rows": {"field": "town", "unit": "210299001"}, "rows_per_day": 1000, "calls_per_day": 100,
            "roles": ["clerk", "leader"]})")
            .value();
    }
    ShareDraft draft(const core::Json& wanted = terms()) {
        return {"ZS-MS-005",
                "D15",
                "核对参保状态",
                "社会救助暂行办法",
                wanted,
                clock.wall() - std::chrono::hours(1),
                clock.wall() + std::chrono::hours(24 * 30)};
    }
    /// A contract in force.
    store::ShareId contract(const core::Json& wanted = terms()) {
        const auto asked = service.request(draft(wanted), asker);
        EXPECT_TRUE(asked.ok()) << (asked.ok() ? "" : asked.error().describe());
        EXPECT_TRUE(service.act(asked->id, "approve", "", asked->version, owner).ok());
        return asked->id;
    }

    store::test::TempFolder folder;
    core::ManualClock clock;
    core::SystemRandom random;
    crypto::KeyRing keys = crypto::KeyRing::ephemeral(random);
    crypto::TicketSealer tickets{keys};
    store::Stores stores = store::sqlite::open({folder.file("hub.db"), 4, 5000}).value();
    sync::SharedDatabase shared;
    core::Result<config::YamlDocument> document = config::YamlDocument::parse("{}", "data.yaml");
    sync::ItemSpec item{{}, {}, {}, {}, {}, sync::Contract::kEvolve, {}, {}, "v1", document->root(), document->root(),
                        {}, {}};
    sync::Claim claim;
    std::unique_ptr<sync::ItemWriter> writer;
    Catalog catalog = Catalog::load(yimen::test::repository() + "/policies/catalog/items.json").value();
    Owners owners = Owners::load(yimen::test::repository() + "/policies/catalog/owners.yaml").value();
    Units units;
    std::function<sync::ItemSpecPtr(const std::string&)> spec = [this](const std::string& code) {
        return code == item.table.code ? std::make_shared<const sync::ItemSpec>(item) : nullptr;
    };
    ShareService service{{*stores.shares, catalog, spec, owners, units, clock}};
    ShareTokens tokens{*stores.shareAccess, clock, random};

    ShareReader makeReader() {
        return ShareReader({*stores.shares, *stores.shareAccess, spec, *shared.view, units, clock, random, tickets,
                            ShareMasks(keys.deriveActive("share_masks"))});
    }
    const ShareActor asker{7, false, true, false};
    const ShareActor owner{9, true, false, false};
};

}  // namespace yimen::catalog::test
