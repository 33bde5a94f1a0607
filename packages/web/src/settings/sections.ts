import { Bell, EyeOff, type LucideIcon, MonitorSmartphone, Palette, PenLine, UserRound } from 'lucide-react';
import type { SettingsSection } from '../place.ts';
import { words } from '../words/words.ts';

export const sections: readonly {
  readonly name: SettingsSection;
  readonly label: string;
  readonly icon: LucideIcon;
}[] = [
  { name: 'profile', label: words.settings.profile, icon: UserRound },
  { name: 'look', label: words.settings.look, icon: Palette },
  { name: 'writing', label: words.settings.writing, icon: PenLine },
  { name: 'notifications', label: words.settings.notifications, icon: Bell },
  { name: 'privacy', label: words.settings.privacy, icon: EyeOff },
  { name: 'devices', label: words.settings.devices, icon: MonitorSmartphone },
];
