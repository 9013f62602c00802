#!/usr/bin/env node
import { main } from "../dist/dotm-agent.mjs";

process.exitCode = await main(process.argv.slice(2));
