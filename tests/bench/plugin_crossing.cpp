// What the border to a plugin costs: the same rows (a number, texts, a null) written into a batch in three ways, one
// after the other in each round. usage: plugin_crossing PATH_OF_memory.so [ROWS [COLUMNS [BYTES]]]
//   in process   Batch::set for each cell, as a source of the hub does
//   calls        the same through one function pointer per cell: what a batch builder over a table of functions costs
//   plugin       the plugin fills the hub's memory in place; checked when it comes back (hub/plugin)
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <string>
#include <vector>

#include "core/file.h"
#include "plugin/library_file.h"
#include "plugin/plugin_source.h"

namespace {

using yimen::sync::Batch;
using yimen::sync::Op;

struct Shape {
    std::size_t rows;
    std::size_t columns;
    std::string text;
};

/// Of the processor, so that neighbours on the machine count less.
double seconds() {
    return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

void inProcess(const Shape& shape, Batch& batch) {
    for (std::size_t next = 0; next < shape.rows;) {
        batch.reset(shape.columns);
        while (next < shape.rows && !batch.full()) {
            const std::size_t row = batch.addRow(Op::kUpsert, next + 1);
            (void)batch.set(row, 0, std::to_string(next));
            for (std::size_t column = 1; column + 1 < shape.columns; ++column) (void)batch.set(row, column, shape.text);
            ++next;
        }
    }
}

struct Calls {
    std::size_t (*addRow)(void* batch, std::uint64_t origin);
    int (*setCell)(void* batch, std::size_t row, std::size_t column, const char* text, std::size_t length);
};
// Volatile: the compiler must not see through the table, as it could not in another library.
volatile Calls calls{
    [](void* batch, std::uint64_t origin) { return static_cast<Batch*>(batch)->addRow(Op::kUpsert, origin); },
    [](void* batch, std::size_t row, std::size_t column, const char* text, std::size_t length) {
        return static_cast<Batch*>(batch)->set(row, column, {text, length}) ? 0 : 1;
    }};

void byCalls(const Shape& shape, Batch& batch) {
    for (std::size_t next = 0; next < shape.rows;) {
        batch.reset(shape.columns);
        while (next < shape.rows && !batch.full()) {
            const std::size_t row = calls.addRow(&batch, next + 1);
            const std::string number = std::to_string(next);
            calls.setCell(&batch, row, 0, number.data(), number.size());
            for (std::size_t column = 1; column + 1 < shape.columns; ++column) {
                calls.setCell(&batch, row, column, shape.text.data(), shape.text.size());
            }
            ++next;
        }
    }
}

void byPlugin(yimen::sync::Source& source, const Shape& shape, Batch& batch) {
    const auto reader = source.open({"p0", ""}, yimen::sync::ReadMode::kFull, "");
    for (bool end = false; !end;) {
        batch.reset(shape.columns);
        const auto state = (*reader)->read(batch);
        if (!state.ok()) {
            std::fprintf(stderr, "%s\n", state.error().describe().c_str());
            std::exit(1);
        }
        end = state->end;
    }
}

std::unique_ptr<yimen::sync::Source> open(const std::string& path, const Shape& shape) {
    const auto digest = yimen::plugin::checkLibraryFile(path);
    const auto library = digest.ok() ? yimen::plugin::Library::open(path, *digest) : digest.error();
    if (!library.ok()) {
        std::fprintf(stderr, "%s\n", library.error().describe().c_str());
        std::exit(1);
    }
    const auto document = yimen::config::YamlDocument::parse("{rows: " + std::to_string(shape.rows) +
                                                                 ", columns: " + std::to_string(shape.columns) +
                                                                 ", text: \"" + shape.text + "\"}",
                                                             "bench");
    auto source = yimen::plugin::PluginSource::make(*library, {{{"read", document->root()}}, nullptr, nullptr});
    if (!source.ok()) std::exit(1);
    return std::move(*source);
}

void report(const char* name, std::vector<double> rounds, const Shape& shape) {
    std::sort(rounds.begin(), rounds.end());
    const double median = rounds[rounds.size() / 2] * 1e9 / static_cast<double>(shape.rows);
    const double best = rounds.front() * 1e9 / static_cast<double>(shape.rows);
    std::printf("%-11s %8.1f ns/row %7.2f ns/cell   (best %.1f, worst %.1f ns/row)\n", name, median,
                median / static_cast<double>(shape.columns), best,
                rounds.back() * 1e9 / static_cast<double>(shape.rows));
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        std::fprintf(stderr, "usage: %s PATH_OF_memory.so [ROWS [COLUMNS [BYTES]]]\n", argv[0]);
        return 2;
    }
    const auto number = [&](int at, std::size_t otherwise) {
        return argc > at ? static_cast<std::size_t>(std::strtoull(argv[at], nullptr, 10)) : otherwise;
    };
    const Shape shape{number(2, 500'000), number(3, 12), std::string(number(4, 12), 'x')};
    const auto source = open(std::filesystem::absolute(argv[1]).string(), shape);
    Batch batch;
    std::vector<double> times[3];
    for (int round = 0; round < 9; ++round) {
        const double begin = seconds();
        inProcess(shape, batch);
        const double second = seconds();
        byCalls(shape, batch);
        const double third = seconds();
        byPlugin(*source, shape, batch);
        const double end = seconds();
        if (round == 0) continue;  // memory grows to its working size
        times[0].push_back(second - begin);
        times[1].push_back(third - second);
        times[2].push_back(end - third);
    }
    std::printf("%zu rows of %zu cells of %zu bytes, 8 rounds\n", shape.rows, shape.columns, shape.text.size());
    report("in process", times[0], shape);
    report("calls", times[1], shape);
    report("plugin", times[2], shape);
    return 0;
}
