// @ts-check

/** English words that say little of what a sentence is about. Other languages rely on `tfIdf` alone. */
export const STOP_WORDS = new Set(
  `a about above after again against all almost alone along already also although always am among an and another any
   anybody anyone anything are aren't around as at away back be became because become been before behind being below
   between both but by came can can't cannot come could couldn't did didn't do does doesn't doing don't done down during
   each either else enough even ever every everybody everyone everything except far few for from further get give go
   goes going gone got had hadn't has hasn't have haven't having he he'd he'll her here here's hers herself him himself
   his how however i i'd i'll i'm i've if in indeed instead into is isn't it it'd it'll its itself just keep last least
   less let like made make many may maybe me might mine more most much must my myself nearly neither never nevertheless
   no nobody none nor not nothing now nowhere of off often on once one only onto or other others otherwise ought our
   ours ourselves out over own perhaps put quite rather really said same say says seem seemed seems shall she she'd
   she'll should shouldn't since so some somebody someone something sometimes still such take than that the their
   theirs them themselves then thence there thereby therefore these they they'd they'll they're they've this those
   though through throughout thus till to together too toward towards two under unless until up upon us used very was
   wasn't way we we'd we'll we're we've well went were weren't what whatever when whence whenever where whereas whereby
   wherever whether which while who whoever whole whom whose why will with within without won't would wouldn't yes yet
   you you'd you'll you're you've your yours yourself yourselves s t d m ll re ve`.split(/\s+/u),
)
