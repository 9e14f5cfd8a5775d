// M7: a CSV file in GBK to rows of a Batch, against iconv + libcsv on the same bytes: interleaved rounds, CPU seconds
// of the process, medians. usage: bench_gbk_csv [ROWS, default 300000] [ROUNDS, default 9] The peer is measured twice:
// filling the same Batch through Batch::set, and only counting its cells.
#include <csv.h>
#include <iconv.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include "core/unicode.h"
#include "sync/formats/csv_reader.h"

using namespace yimen;

namespace {

constexpr std::size_t kColumns = 12;

std::string makeCsv(std::size_t rows) {
    const std::array<const char*, 4> streets{"甘井子街道", "中华路街道", "机场街道（空港社区）", "营城子街道"};
    std::string text = "工单编号,姓名,身份证号,电话,街道,诉求标题,诉求内容,状态,等级,金额,受理时间,更新时间\r\n";
    for (std::size_t i = 0; i < rows; ++i) {
        const std::string n = std::to_string(i);
        text += "DH2026" + n + ",张三" + n + ",210299199001011234,1990000" + std::to_string(1000 + i % 9000) + ",";
        text += std::string(streets[i % 4]) + ",供热温度不达标," +
                (i % 10 == 0 ? "\"居民反映室内温度低,请\"\"尽快\"\"处理\"" : "居民反映室内温度低请处理");
        text += ",处置中," + std::to_string(i % 5) + "," + std::to_string(i % 1000) +
                ".50,2026-06-30 08:00:00,2026-07-01 09:30:00\r\n";
    }
    return core::encodeCharset(text, "GBK").value();
}

double cpuSeconds() {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    const auto seconds = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
    };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

struct Counted {
    std::size_t rows = 0;
    std::size_t bytes = 0;
};

Counted ours(const std::string& csv) {
    static sync::Batch batch;
    sync::MemoryBytes bytes(csv);
    sync::CsvReader reader(std::make_unique<sync::TextStream>(bytes, sync::Charset::kGbk), {}, "bench.csv");
    std::vector<std::string> names;
    for (const auto& field : reader.columns().value()) names.push_back(field.name);
    if (!reader.bind(names, false).ok()) std::abort();
    Counted counted;
    std::vector<sync::Reject> rejected;
    for (bool more = true; more;) {
        batch.reset(kColumns);
        sync::Rows rows{batch, rejected};
        more = reader.read(rows).value();
        counted.rows += batch.rows();
        for (const auto& cell : batch.cells()) counted.bytes += static_cast<std::size_t>(cell.length);
    }
    if (!rejected.empty()) std::abort();
    return counted;
}

struct Peer {
    sync::Batch batch;
    bool fills = false;
    bool open = false;
    bool header = true;
    std::size_t row = 0;
    std::size_t column = 0;
    Counted counted;
};

void onCell(void* text, std::size_t length, void* user) {
    auto& peer = *static_cast<Peer*>(user);
    if (peer.header) return;
    peer.counted.bytes += length;
    if (!peer.fills) return;
    if (!peer.open) {
        if (peer.batch.full()) peer.batch.reset(kColumns);
        peer.row = peer.batch.addRow(sync::Op::kUpsert, peer.counted.rows);
        peer.column = 0;
        peer.open = true;
    }
    if (!peer.batch.set(peer.row, peer.column++, {static_cast<const char*>(text), length})) std::abort();
}

void onRow(int, void* user) {
    auto& peer = *static_cast<Peer*>(user);
    if (!peer.header) ++peer.counted.rows;
    peer.header = false;
    peer.open = false;
}

Counted theirs(const std::string& csv, bool fills) {
    static Peer kept;
    kept = Peer{std::move(kept.batch), fills, false, true, 0, 0, {}};
    kept.batch.reset(kColumns);
    const iconv_t converter = iconv_open("UTF-8", "GBK");
    csv_parser parser;
    if (csv_init(&parser, CSV_STRICT) != 0) std::abort();
    std::vector<char> out(std::size_t{128} << 10U);
    char* from = const_cast<char*>(csv.data());  // NOLINT: iconv does not write there
    std::size_t left = csv.size();
    while (left > 0) {
        char* to = out.data();
        std::size_t room = out.size();
        iconv(converter, &from, &left, &to, &room);
        csv_parse(&parser, out.data(), out.size() - room, onCell, onRow, &kept);
    }
    csv_fini(&parser, onCell, onRow, &kept);
    csv_free(&parser);
    iconv_close(converter);
    return kept.counted;
}

}  // namespace

int main(int argc, char** argv) {
    const std::size_t rows = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 300'000;
    const std::size_t rounds = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 9;
    const std::string csv = makeCsv(rows);
    const std::vector<std::pair<const char*, std::function<Counted()>>> runs{
        {"ours: GBK CSV -> Batch", [&] { return ours(csv); }},
        {"iconv + libcsv -> Batch", [&] { return theirs(csv, true); }},
        {"iconv + libcsv, cells counted only", [&] { return theirs(csv, false); }},
    };
    std::vector<std::vector<double>> seconds(runs.size());
    Counted expected;
    for (std::size_t round = 0; round < rounds; ++round) {
        for (std::size_t i = 0; i < runs.size(); ++i) {
            const double begin = cpuSeconds();
            const Counted counted = runs[i].second();
            seconds[i].push_back(cpuSeconds() - begin);
            if (round == 0 && i == 0) expected = counted;
            if (counted.rows != expected.rows || counted.bytes != expected.bytes || counted.rows != rows) {
                std::fprintf(stderr, "%s: other rows or bytes\n", runs[i].first);
                return 1;
            }
        }
    }
    double first = 0;
    std::printf("%zu rows, %zu bytes of GBK, %zu rounds, CPU\n", rows, csv.size(), rounds);
    for (std::size_t i = 0; i < runs.size(); ++i) {
        std::sort(seconds[i].begin(), seconds[i].end());
        const double median = seconds[i][rounds / 2];
        if (i == 0) first = median;
        std::printf("%-36s %.3f us/row  (min %.3f max %.3f)  %.2fx\n", runs[i].first,
                    median * 1e6 / static_cast<double>(rows), seconds[i].front() * 1e6 / static_cast<double>(rows),
                    seconds[i].back() * 1e6 / static_cast<double>(rows), median / first);
    }
    return 0;
}
