// Client CPU of the mapping work of sync.md (13 columns renamed, 2 trimmed, 3 code tables, a date in 4 spellings, the
// ID check), declared, by map_batch and by map(row). Usage: bench_mapping [ROUNDS]; rounds are interleaved, medians
// printed.
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "core/clock.h"
#include "sync/mapping/identifiers.h"
#include "sync/mapping/mapper.h"

namespace {

using yimen::sync::Batch;

const char* const kHead =
    "api: 1\nsystem: bench\nsource: {kind: files}\nitems:\n  - code: B-1\n    table: b\n    title: {zh: 测}\n";
const char* const kCodes =
    "codes:\n  xb: {\"1\": 男, \"2\": 女, \"9\": 未说明}\n  mz: {\"01\": 汉族, \"10\": 朝鲜族, \"11\": 满族, \"06\": "
    "苗族}\n"
    "  zt: {\"1\": 待受理, \"2\": 处置中, \"3\": 办结}\n";
const char* const kDeclared =
    "    fields:\n      - {to: id, from: bh, key: true, trim: false}\n      - {to: name, from: xm}\n"
    "      - {to: id_no, from: sfzh, check: id_card, trim: false}\n      - {to: sex, from: xb, code: xb, trim: false}\n"
    "      - {to: nation, from: mz, code: mz, trim: false}\n"
    "      - {to: born, from: csrq, type: date, trim: false, date: [\"yyyy-MM-dd\", \"yyyy/M/d\", \"yyyyMMdd\", "
    "yyyy年M月d日]}\n"
    "      - {to: address, from: dz}\n      - {to: phone, from: dh, trim: false}\n"
    "      - {to: street, from: jd, trim: false}\n      - {to: community, from: sq, trim: false}\n"
    "      - {to: state, from: zt, code: zt, trim: false}\n      - {to: note, from: bz, trim: false}\n"
    "      - {to: updated, from: gx, trim: false}\n";
const char* const kScripted =
    "    script: map.lua\n    fields:\n      - {to: id, key: true, trim: false}\n      - {to: name, trim: false}\n"
    "      - {to: id_no, trim: false}\n      - {to: sex, trim: false}\n      - {to: nation, trim: false}\n"
    "      - {to: born, trim: false}\n      - {to: address, trim: false}\n      - {to: phone, trim: false}\n"
    "      - {to: street, trim: false}\n      - {to: community, trim: false}\n      - {to: state, trim: false}\n"
    "      - {to: note, trim: false}\n      - {to: updated, trim: false}\n";
const std::string kBody =
    "return {id = r.bh, name = H.trim(r.xm), id_no = H.id_card(r.sfzh), sex = H.code(r.xb, 'xb'),\n"
    "nation = H.code(r.mz, 'mz'), born = H.date(r.csrq, 'yyyy-MM-dd', 'yyyy/M/d', 'yyyyMMdd', 'yyyy年M月d日'),\n"
    "address = H.trim(r.dz), phone = r.dh, street = r.jd, community = r.sq, state = H.code(r.zt, 'zt'), note = r.bz,\n"
    "updated = r.gx} end}";

double cpuSeconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

Batch makeRows() {
    Batch out;
    out.reset(13);
    const char* const dates[] = {"1990-03-07", "1990/3/7", "19900307", "1990年3月7日"};
    for (std::size_t i = 0; i < Batch::kMaxRows; ++i) {
        const std::size_t row = out.addRow(yimen::sync::Op::kUpsert, i + 1);
        std::string idNo = "21021119900307" + std::to_string(100 + i % 900);
        idNo += yimen::sync::mapping::idCardCheck(idNo);
        const std::string n = std::to_string(1'000'000 + i);
        const std::string cells[] = {
            "N" + n,
            i % 5 == 0 ? " 王小明　" : "王小明",
            idNo,
            "1",
            "11",
            dates[i % 4],
            i % 5 == 1 ? "辽宁省大连市甘井子区中华路 " : "辽宁省大连市甘井子区中华路街道泉水社区" + n + "号",
            "139" + n + "1",
            "210211008",
            "210211008003",
            "2",
            "已核对,无异议",
            "2026-06-30 08:00:00"};
        for (std::size_t c = 0; c < std::size(cells); ++c) {
            if (!out.set(row, c, cells[c])) return out;
        }
    }
    return out;
}

struct Way {
    std::string name;
    std::string yaml;
    std::string script;
    std::unique_ptr<yimen::sync::Mapper> mapper;
    std::vector<double> microseconds;
};

bool prepare(Way& way, const yimen::core::Clock& clock) {
    namespace fs = std::filesystem;
    const fs::path root = fs::temp_directory_path() / ("yimen-bench-" + std::to_string(getpid()));
    fs::create_directories(root / "bench");
    std::ofstream(root / "bench" / "data.yaml") << way.yaml;
    std::ofstream(root / "bench" / "map.lua") << way.script;
    const auto data = yimen::sync::readSystemData((root / "bench").string());
    fs::remove_all(root);
    if (!data.ok()) return std::fputs(data.error().message.c_str(), stderr) < 0;
    std::vector<yimen::sync::SourceField> columns;
    for (const char* name : {"bh", "xm", "sfzh", "xb", "mz", "csrq", "dz", "dh", "jd", "sq", "zt", "bz", "gx"}) {
        columns.push_back({name, ""});
    }
    auto mapper = yimen::sync::compileMapper(data->items[0], columns, clock);
    if (!mapper.ok()) return std::fputs(mapper.error().message.c_str(), stderr) < 0;
    way.mapper = std::move(mapper).value();
    return true;
}

}  // namespace

int main(int argc, char** argv) {
    int rounds = 7;
    if (argc > 1) std::from_chars(argv[1], argv[1] + std::char_traits<char>::length(argv[1]), rounds);
    const yimen::core::SystemClock clock;
    const Batch rows = makeRows();
    std::vector<Way> ways;
    ways.push_back({"declared", std::string(kHead) + kDeclared + kCodes, "", {}, {}});
    ways.push_back(
        {"map_batch", std::string(kHead) + kScripted + kCodes, "return {map_batch = function(r)\n" + kBody, {}, {}});
    ways.push_back(
        {"map(row)", std::string(kHead) + kScripted + kCodes, "return {map = function(r)\n" + kBody, {}, {}});
    for (Way& way : ways) {
        if (!prepare(way, clock)) return 1;
    }
    constexpr int kBatches = 20;
    yimen::sync::Mapped out;
    for (int round = 0; round < rounds; ++round) {
        for (Way& way : ways) {
            const double before = cpuSeconds();
            for (int i = 0; i < kBatches; ++i) {
                if (const auto status = way.mapper->map(rows, out); !status.ok() || out.rows.rows() != rows.rows()) {
                    std::fprintf(stderr, "%s: rows were refused\n", way.name.c_str());
                    return 1;
                }
            }
            way.microseconds.push_back((cpuSeconds() - before) * 1e6 / (kBatches * static_cast<double>(rows.rows())));
        }
    }
    for (Way& way : ways) {
        auto& all = way.microseconds;
        std::sort(all.begin(), all.end());
        std::printf("%-10s %.3f us/row CPU (min %.3f, max %.3f, %zu rounds of %d x %zu rows)\n", way.name.c_str(),
                    all[all.size() / 2], all.front(), all.back(), all.size(), kBatches, rows.rows());
    }
    return 0;
}
