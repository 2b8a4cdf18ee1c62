/**
 * What is known of a new workspace before anybody is asked: what was typed, what the kept home remembers, what is
 * saved.
 */
import { DEFAULT_HOME_SIZE } from '../names.ts';
import type { ClaimSnapshot } from '../state/snapshot.ts';
import { type Choices, findMeant, type SaidText, SETTING_KEYS, toFlagName } from './chosen.ts';
import { toHomeChoice } from './home-choice.ts';
import { ITS_OWN_CLASS, NO_CLASS } from './options.ts';
import { parseSetting, type Settings } from './settings.ts';

/** The first of the layers that says something decides, choice by choice; of the home, what fits together. */
export function layChoices(typed: Choices, kept: ClaimSnapshot | undefined, saved: Settings): Choices {
  const isTakenUp = typed.home === undefined && typed.storageClass !== NO_CLASS;
  const taken = isTakenUp ? kept : undefined;
  const remembered: Choices = {
    user: kept?.user,
    // With another one, the files of the home would be somebody else's.
    uid: kept?.uid,
    gid: typed.uid === undefined ? taken?.gid : undefined,
    subPath: taken?.subPath,
  };
  const said = merge(typed, remembered);
  const settings = checkSettings(saved, said);
  return { ...merge(said, settings), ...layHome(typed, taken, settings) };
}

/**
 * The settings that nothing else decides. Throws a usage error for one that its flag would refuse: people edit the
 * file.
 */
function checkSettings(saved: Settings, said: Choices): Choices {
  const names = SETTING_KEYS.filter((name) => said[name] === undefined && saved[name] !== undefined);
  return Object.assign({}, ...names.map((name) => parseSetting(name, String(saved[name]))));
}

/** The settings that were taken for something else than they say, and have decided. */
export function listReadSettings(saved: Settings, laid: Choices): SaidText[] {
  return SETTING_KEYS.flatMap((name) => {
    const text = String(saved[name] ?? '');
    const meant = findMeant(name, text);
    return meant === undefined || laid[name] !== meant ? [] : [{ name, text, said: `the setting ${toFlagName(name)}` }];
  });
}

/** A kept home is taken up as it is: a claim can change neither its class nor shrink. */
function layHome(typed: Choices, taken: ClaimSnapshot | undefined, saved: Choices): Choices {
  if (typed.home !== undefined) return { storageClass: undefined, size: undefined };
  if (taken !== undefined)
    return {
      storageClass: typed.storageClass ?? taken.storageClass ?? ITS_OWN_CLASS,
      size: typed.size ?? taken.requested,
    };
  // Whoever types a size wants a volume, even against a saved `none`.
  const isVolume = typed.size !== undefined && (saved.storageClass ?? NO_CLASS) === NO_CLASS;
  const storageClass = typed.storageClass ?? (isVolume ? ITS_OWN_CLASS : saved.storageClass);
  return { storageClass, size: storageClass === NO_CLASS ? undefined : (typed.size ?? saved.size) };
}

/** With the answers, which a size that is saved gives way to: without a volume there is none. */
export function addAnswers(known: Choices, answers: Choices): Choices {
  const all = { ...known, ...answers };
  return all.storageClass === NO_CLASS ? { ...all, size: undefined } : all;
}

/** What nobody said and follows from the rest: a user's own group, the size of a new claim. A kept one has its own. */
export function completeChoices(choices: Choices, kept: ClaimSnapshot | undefined): Choices {
  const isNewClaim = kept === undefined && toHomeChoice(choices)?.kind === 'claim';
  return {
    ...choices,
    gid: choices.gid ?? choices.uid,
    size: choices.size ?? (isNewClaim ? DEFAULT_HOME_SIZE : undefined),
  };
}

function merge(over: Choices, under: Choices): Choices {
  const said = Object.entries(over).filter(([, value]) => value !== undefined);
  return { ...under, ...Object.fromEntries(said) };
}
