/** `dotm man PAGE`: a man page, made from the commands and the schema there are. */
import type { Command } from "commander";
import { configJsonSchema } from "../../config/schema.ts";
import { agentPage } from "../man/agent-page.ts";
import { configPage } from "../man/config-page.ts";
import { dotmPage } from "../man/dotm-page.ts";
import type { Page } from "../man/pages.ts";
import { pluginPage } from "../man/plugin-page.ts";
import { packageVersion } from "../version.ts";

/** The page as roff; that of the agent is made of `agentHelp`, what `dotm-agent --help` prints. */
export async function man(page: Page, program: Command, agentHelp: () => Promise<string>): Promise<string> {
  switch (page) {
    case "dotm-agent.1":
      return agentPage(await agentHelp(), packageVersion());
    case "dotm.1":
      return dotmPage(program, packageVersion());
    case "dotm.yaml.5":
      return configPage(configJsonSchema(), packageVersion());
    case "check_dotm.8":
      return pluginPage(packageVersion());
  }
}
