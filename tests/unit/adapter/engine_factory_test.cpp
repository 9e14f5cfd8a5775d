#include <gtest/gtest.h>

#include "adapter/basic_engine.h"
#include "adapter/bearer_engine.h"
#include "adapter/digest_engine.h"
#include "adapter/form_engine.h"
#include "adapter/header_engine.h"
#include "adapter/ltpa_engine.h"
#include "adapter/ticket_engine.h"
#include "support/repository.h"

namespace yimen::adapter {
namespace {

template <typename Engine>
bool makes(const std::string& id) {
    const auto manifest = Manifest::load(yimen::test::repository() + "/adapters/" + id);
    if (!manifest.ok()) return false;
    const auto engine = makeEngine(std::make_shared<const Manifest>(*manifest));
    return engine.ok() && dynamic_cast<const Engine*>(engine->get()) != nullptr;
}

TEST(EngineFactory, MakesTheEngineOfTheKind) {
    for (const char* id : {"qu-tourism", "dl-8890", "nat-salvation", "ln-edu"})
        EXPECT_TRUE(makes<FormEngine>(id)) << id;
    EXPECT_TRUE(makes<BasicEngine>("ln-forestfire"));
    EXPECT_TRUE(makes<DigestEngine>("ln-emergency"));
    EXPECT_TRUE(makes<TicketEngine>("dl-video"));
    EXPECT_TRUE(makes<HeaderEngine>("qu-integrity"));
    EXPECT_TRUE(makes<BearerEngine>("qu-grid"));
    EXPECT_TRUE(makes<LtpaEngine>("qu-oa"));
}

TEST(EngineFactory, RefusesAScriptThatIsNotThere) {
    auto manifest = Manifest::load(yimen::test::repository() + "/adapters/nat-salvation").value();
    manifest.hooks = "lost.lua";
    EXPECT_FALSE(makeEngine(std::make_shared<const Manifest>(std::move(manifest))).ok());
}

}  // namespace
}  // namespace yimen::adapter
