#include "sync/item_spec.h"

#include <gmock/gmock.h>

#include "unit/sync/mapping/map_fixture.h"

namespace yimen::sync {
namespace {

using testing::HasSubstr;

core::Result<SystemData> readYaml(const std::string& yaml, const std::string& script = {}) {
    DataFolder folder;
    folder.write("data.yaml", yaml);
    if (!script.empty()) folder.write("map.lua", script);
    return readSystemData(folder.path());
}

std::string faultsOf(const std::string& yaml, const std::string& script = {}) {
    const auto read = readYaml(yaml, script);
    return read.ok() ? std::string() : read.error().message;
}

const char* const kGood =
    "api: 1\n"
    "system: qu-test\n"
    "source:\n"
    "  kind: postgresql\n"
    "  password: vault:qu-test/service\n"
    "items:\n"
    "  - code: ZS-SQ-013\n"
    "    table: grid_event\n"
    "    title: {zh: 网格事件, en: Grid events}\n"
    "    read: {table: grid.event, watermark: [updated_at, id], overlap: 2m}\n"
    "    deletes: {how: flag, field: deleted_at, when: not_null}\n"
    "    guard: {max_share: 5%}\n"
    "    schedule: {cron: \"30 2 * * *\", calendar: working_days}\n"
    "    contract: park\n"
    "    version: updated_at\n"
    "    fields:\n"
    "      - {to: event_no, from: event_no, type: text, key: true, title: 事件编号}\n"
    "      - {to: updated_at, from: gx, type: datetime, required: true}\n"
    "      - {to: state, from: zt, code: state}\n"
    "codes:\n"
    "  state: {\"1\": 待受理}\n";

TEST(ItemSpec, ReadsAWholeFile) {
    const auto read = readYaml(kGood);
    ASSERT_TRUE(read.ok()) << read.error().message;
    EXPECT_EQ(read->system, "qu-test");
    EXPECT_EQ(read->sourceKind, "postgresql");
    ASSERT_EQ(read->items.size(), 1U);
    const ItemSpec& item = read->items[0];
    EXPECT_EQ(item.table.code, "ZS-SQ-013");
    EXPECT_EQ(item.table.table, "grid_event");
    EXPECT_EQ(item.table.title, "网格事件");
    EXPECT_EQ(item.titleEn, "Grid events");
    EXPECT_EQ(item.table.system, "qu-test");
    EXPECT_EQ(item.table.version, 1U);
    ASSERT_EQ(item.table.schema.fields.size(), 3U);
    EXPECT_EQ(item.table.schema.fields[0], (Field{"event_no", "事件编号", FieldType::kText, true, false}));
    EXPECT_EQ(item.table.schema.fields[1].type, FieldType::kDateTime);
    EXPECT_EQ(item.deletes.how, DeleteRule::How::kFlag);
    EXPECT_TRUE(item.deletes.values.empty());
    EXPECT_DOUBLE_EQ(item.guard.maxShare, 0.05);
    EXPECT_EQ(item.schedule.cron, "30 2 * * *");
    EXPECT_TRUE(item.schedule.workingDays);
    EXPECT_EQ(item.contract, Contract::kPark);
    EXPECT_TRUE(item.read.find("watermark").has_value());
    EXPECT_EQ(item.mapVersion.size(), 16U);
}

TEST(ItemSpec, FlagsAndAbsenceCanBothSayThatARecordIsGone) {
    std::string yaml(kGood);
    EXPECT_FALSE(readYaml(yaml)->items[0].deletes.comparesAll());
    const std::string flag = "{how: flag, field: deleted_at, when: not_null}";
    yaml.replace(yaml.find(flag), flag.size(), "{how: flag, field: deleted_at, absent: true}");
    const auto both = readYaml(yaml);
    ASSERT_TRUE(both.ok()) << both.error().message;
    EXPECT_EQ(both->items[0].deletes.how, DeleteRule::How::kFlag);
    EXPECT_TRUE(both->items[0].deletes.comparesAll());
    const std::string good = "{how: flag, field: deleted_at, absent: true}";
    yaml.replace(yaml.find(good), good.size(), "{how: none, absent: true}");
    EXPECT_FALSE(readYaml(yaml).ok());
}

TEST(ItemSpec, ChangesTheMapVersionWithWhatMapsOnly) {
    const auto versionOf = [](std::string yaml, const std::string& from, const std::string& to,
                              const std::string& script = {}) {
        if (!from.empty()) yaml.replace(yaml.find(from), from.size(), to);
        const auto read = readYaml(yaml, script);
        EXPECT_TRUE(read.ok()) << read.error().message;
        return read.ok() ? read->items[0].mapVersion : std::string();
    };
    const std::string plain = versionOf(kGood, "", "");
    EXPECT_EQ(versionOf(kGood, "overlap: 2m", "overlap: 3m"), plain);
    EXPECT_EQ(versionOf(kGood, "title: {zh", "title:  {zh"), plain);
    EXPECT_NE(versionOf(kGood, "待受理", "已受理"), plain);
    EXPECT_NE(versionOf(kGood, "from: gx", "from: gy"), plain);
    EXPECT_NE(versionOf(kGood, "field: deleted_at", "field: gone_at"), plain);
    EXPECT_NE(versionOf(kGood, "    fields:", "    quality: [{rule: length, field: event_no, max: 9}]\n    fields:"),
              plain);
    const std::string scripted =
        versionOf(kGood, "    fields:", "    script: map.lua\n    fields:", "return {map = 1}");
    EXPECT_NE(scripted, plain);
    EXPECT_NE(versionOf(kGood, "    fields:", "    script: map.lua\n    fields:", "return {map = 2}"), scripted);
}

TEST(ItemSpec, TellsEveryFaultWithItsPlace) {
    const std::string faults = faultsOf(
        "api: 1\n"
        "system: qu-other\n"
        "source: {kid: files}\n"
        "items:\n"
        "  - code: A\n"
        "    table: Wrong-Name\n"
        "    title: {zh: 甲}\n"
        "    guard: {max_share: 120%}\n"
        "    contrat: evolve\n"
        "    schedule: {every: 1m, cron: \"* * *\"}\n"
        "    version: nothing\n"
        "    fields:\n"
        "      - {to: Ab, from: a, key: true}\n"
        "      - {to: b, from: a, constant: x}\n"
        "      - {to: c}\n"
        "      - {to: d, from: a, type: date, date: [\"dd.MM.jj\"]}\n"
        "      - {to: e, from: a, type: intger}\n"
        "      - {to: f, from: a, code: nowhere}\n"
        "      - {to: f, from: a, scale: 2}\n"
        "      - {to: g, from: a, zone: Mars, type: datetime}\n");
    EXPECT_THAT(faults, HasSubstr("data.yaml:2:9: is the name of its folder, 'qu-test'"));
    EXPECT_THAT(faults, HasSubstr("data.yaml:3:9: the key 'kind' is missing"));
    EXPECT_THAT(faults, HasSubstr("data.yaml:6:12: is a table of the shared database"));
    EXPECT_THAT(faults, HasSubstr("data.yaml:8:24: is a share"));
    EXPECT_THAT(faults, HasSubstr("data.yaml:9:5: unknown key 'contrat': did you mean 'contract'?"));
    EXPECT_THAT(faults, HasSubstr("data.yaml:10:"));
    EXPECT_THAT(faults, HasSubstr("data.yaml:11:14: names a field"));
    EXPECT_THAT(faults, HasSubstr("data.yaml:13:14: is a column of the shared database"));
    EXPECT_THAT(faults, HasSubstr("data.yaml:14:14: takes its value from one place"));
    EXPECT_THAT(faults, HasSubstr("data.yaml:15:14: says not where"));
    EXPECT_THAT(faults, HasSubstr("data.yaml:16:45: 'jj' is no part of a date"));
    EXPECT_THAT(faults, HasSubstr("data.yaml:17:32: 'intger' is not one of"));
    EXPECT_THAT(faults, HasSubstr("data.yaml:18:9: codes has no table 'nowhere'"));
    EXPECT_THAT(faults, HasSubstr("data.yaml:19:9: the field 'f' is declared twice"));
    EXPECT_THAT(faults, HasSubstr("data.yaml:19:33: is for type integer and decimal"));
    EXPECT_THAT(faults, HasSubstr("data.yaml:20:32: is Asia/Shanghai"));
}

TEST(ItemSpec, WantsAKey) {
    EXPECT_THAT(faultsOf(dataYaml("      - {to: a, from: a}\n")), HasSubstr("no field is a key"));
}

TEST(ItemSpec, RefusesTwoItemsForOneTable) {
    std::string yaml = dataYaml("      - {to: a, from: a, key: true}\n");
    yaml += yaml.substr(yaml.find("  - code"));
    const std::string faults = faultsOf(yaml);
    EXPECT_THAT(faults, HasSubstr("'ZS-T-001' is declared twice"));
    EXPECT_THAT(faults, HasSubstr("'t_event' belongs to two items"));
}

TEST(ItemSpec, TakesScriptsOfItsOwnFolderOnly) {
    const std::string fields = "      - {to: a, from: a, key: true}\n";
    for (const char* name : {"../map.lua", "/etc/map.lua", "sub/map.lua", "..\\map.lua", ".map.lua", "map.txt"}) {
        EXPECT_THAT(faultsOf(dataYaml(fields, "    script: \"" + std::string(name) + "\"\n"), "return {}"),
                    Not(testing::IsEmpty()))
            << name;
    }
    DataFolder folder;
    folder.write("data.yaml", dataYaml(fields, "    script: link.lua\n"));
    folder.write("real.txt", "return {}");
    std::filesystem::create_symlink(folder.path() + "/real.txt", folder.path() + "/link.lua");
    const auto read = readSystemData(folder.path());
    ASSERT_FALSE(read.ok());
    EXPECT_THAT(read.error().message, HasSubstr("must not be a link"));
}

TEST(ItemSpec, TellsWhereAScriptIsBroken) {
    EXPECT_THAT(
        faultsOf(dataYaml("      - {to: a, from: a, key: true}\n", "    script: map.lua\n"), "return {\n  map = \n"),
        HasSubstr("qu-test/map.lua:3:"));
}

TEST(ItemSpec, SaysThatAFolderHasNoData) {
    DataFolder folder;
    EXPECT_FALSE(readSystemData(folder.path()).ok());
}

}  // namespace
}  // namespace yimen::sync
