// Two plugins made of this file define the same visible function with different answers (CLASH_ANSWER). Each must get
// its own.
#include <yimen/plugin.hpp>

extern "C" __attribute__((visibility("default"), noinline)) int yimenTestClash() {
    return CLASH_ANSWER;
}
// Through the symbol table, as code of a client library would call it.
extern "C" __attribute__((visibility("default"))) int (*yimenTestClashCall)();
int (*yimenTestClashCall)() = yimenTestClash;

namespace {

using namespace yimen::sdk;

class Clash : public Source {
public:
    Clash(Host, const Config&) {}
    std::vector<Field> describe() override { return {{"answer " + std::to_string(yimenTestClashCall()), ""}}; }
    std::unique_ptr<Reader> open(const Partition&, Mode, std::string_view) override {
        throw Failure(YIMEN_INVALID, "nothing to read");
    }
};

}  // namespace

YIMEN_SOURCE_PLUGIN(Clash, CLASH_NAME, "1", true, "")
