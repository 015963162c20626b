#!/usr/bin/env node
// The flow runtime beside hand-written JavaScript and its peers. For the options see beside.js.
import { compare } from "./beside.js"
import { goals } from "./goals.js"

compare("flow", goals)
