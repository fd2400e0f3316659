/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The numbers and names of keys: those of Linux, of macOS and of Windows. */
#include "keycodes.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/number.h"
#include "values.h"

/*
 * The keys of a set, in the order of their numbers: one more than the word
 * before, "=7" makes the next one 7. ":KEY_" begins the names from there on.
 * libvirt's KEY_RFKILL is 524, though the kernel's is 247; so it is here.
 */
static const char linux_keys[] =
	":KEY_ RESERVED ESC 1 2 3 4 5 6 7 8 9 0 MINUS EQUAL BACKSPACE TAB "
	"Q W E R T Y U I O P LEFTBRACE RIGHTBRACE ENTER LEFTCTRL A S D F "
	"G H J K L SEMICOLON APOSTROPHE GRAVE LEFTSHIFT BACKSLASH Z X C V "
	"B N M COMMA DOT SLASH RIGHTSHIFT KPASTERISK LEFTALT SPACE "
	"CAPSLOCK F1 F2 F3 F4 F5 F6 F7 F8 F9 F10 NUMLOCK SCROLLLOCK KP7 "
	"KP8 KP9 KPMINUS KP4 KP5 KP6 KPPLUS KP1 KP2 KP3 KP0 KPDOT =85 "
	"ZENKAKUHANKAKU 102ND F11 F12 RO KATAKANA HIRAGANA HENKAN "
	"KATAKANAHIRAGANA MUHENKAN KPJPCOMMA KPENTER RIGHTCTRL KPSLASH "
	"SYSRQ RIGHTALT LINEFEED HOME UP PAGEUP LEFT RIGHT END DOWN "
	"PAGEDOWN INSERT DELETE MACRO MUTE VOLUMEDOWN VOLUMEUP POWER "
	"KPEQUAL KPPLUSMINUS PAUSE SCALE KPCOMMA HANGEUL HANJA YEN "
	"LEFTMETA RIGHTMETA COMPOSE STOP AGAIN PROPS UNDO FRONT COPY OPEN "
	"PASTE FIND CUT HELP MENU CALC SETUP SLEEP WAKEUP FILE SENDFILE "
	"DELETEFILE XFER PROG1 PROG2 WWW MSDOS SCREENLOCK DIRECTION "
	"CYCLEWINDOWS MAIL BOOKMARKS COMPUTER BACK FORWARD CLOSECD "
	"EJECTCD EJECTCLOSECD NEXTSONG PLAYPAUSE PREVIOUSSONG STOPCD "
	"RECORD REWIND PHONE ISO CONFIG HOMEPAGE REFRESH EXIT MOVE EDIT "
	"SCROLLUP SCROLLDOWN KPLEFTPAREN KPRIGHTPAREN NEW REDO F13 F14 "
	"F15 F16 F17 F18 F19 F20 F21 F22 F23 F24 =200 PLAYCD PAUSECD "
	"PROG3 PROG4 DASHBOARD SUSPEND CLOSE PLAY FASTFORWARD BASSBOOST "
	"PRINT HP CAMERA SOUND QUESTION EMAIL CHAT SEARCH CONNECT FINANCE "
	"SPORT SHOP ALTERASE CANCEL BRIGHTNESSDOWN BRIGHTNESSUP MEDIA "
	"SWITCHVIDEOMODE KBDILLUMTOGGLE KBDILLUMDOWN KBDILLUMUP SEND "
	"REPLY FORWARDMAIL SAVE DOCUMENTS BATTERY BLUETOOTH WLAN UWB "
	"UNKNOWN VIDEO_NEXT VIDEO_PREV BRIGHTNESS_CYCLE BRIGHTNESS_ZERO "
	"DISPLAY_OFF WIMAX :BTN_ =256 0 1 2 3 4 5 6 7 8 9 =272 LEFT RIGHT "
	"MIDDLE SIDE EXTRA FORWARD BACK TASK =288 TRIGGER THUMB THUMB2 "
	"TOP TOP2 PINKIE BASE BASE2 BASE3 BASE4 BASE5 BASE6 =303 DEAD A B "
	"C X Y Z TL TR TL2 TR2 SELECT START MODE THUMBL THUMBR =320 "
	"TOOL_PEN TOOL_RUBBER TOOL_BRUSH TOOL_PENCIL TOOL_AIRBRUSH "
	"TOOL_FINGER TOOL_MOUSE TOOL_LENS =330 TOUCH STYLUS STYLUS2 "
	"TOOL_DOUBLETAP TOOL_TRIPLETAP TOOL_QUADTAP GEAR_DOWN GEAR_UP "
	":KEY_ =352 OK SELECT GOTO CLEAR POWER2 OPTION INFO TIME VENDOR "
	"ARCHIVE PROGRAM CHANNEL FAVORITES EPG PVR MHP LANGUAGE TITLE "
	"SUBTITLE ANGLE ZOOM MODE KEYBOARD SCREEN PC TV TV2 VCR VCR2 SAT "
	"SAT2 CD TAPE RADIO TUNER PLAYER TEXT DVD AUX MP3 AUDIO VIDEO "
	"DIRECTORY LIST MEMO CALENDAR RED GREEN YELLOW BLUE CHANNELUP "
	"CHANNELDOWN FIRST LAST AB NEXT RESTART SLOW SHUFFLE BREAK "
	"PREVIOUS DIGITS TEEN TWEN VIDEOPHONE GAMES ZOOMIN ZOOMOUT "
	"ZOOMRESET WORDPROCESSOR EDITOR SPREADSHEET GRAPHICSEDITOR "
	"PRESENTATION DATABASE NEWS VOICEMAIL ADDRESSBOOK MESSENGER "
	"DISPLAYTOGGLE SPELLCHECK LOGOFF DOLLAR EURO FRAMEBACK "
	"FRAMEFORWARD CONTEXT_MENU MEDIA_REPEAT =448 DEL_EOL DEL_EOS "
	"INS_LINE DEL_LINE =464 FN FN_ESC FN_F1 FN_F2 FN_F3 FN_F4 FN_F5 "
	"FN_F6 FN_F7 FN_F8 FN_F9 FN_F10 FN_F11 FN_F12 FN_1 FN_2 FN_D FN_E "
	"FN_F FN_S FN_B =497 BRL_DOT1 BRL_DOT2 BRL_DOT3 BRL_DOT4 BRL_DOT5 "
	"BRL_DOT6 BRL_DOT7 BRL_DOT8 BRL_DOT9 BRL_DOT10 =512 NUMERIC_0 "
	"NUMERIC_1 NUMERIC_2 NUMERIC_3 NUMERIC_4 NUMERIC_5 NUMERIC_6 "
	"NUMERIC_7 NUMERIC_8 NUMERIC_9 NUMERIC_STAR NUMERIC_POUND RFKILL";

static const char os_x_keys[] =
	"ANSI_A ANSI_S ANSI_D ANSI_F ANSI_H ANSI_G ANSI_Z ANSI_X ANSI_C "
	"ANSI_V ISO_Section ANSI_B ANSI_Q ANSI_W ANSI_E ANSI_R ANSI_Y "
	"ANSI_T ANSI_1 ANSI_2 ANSI_3 ANSI_4 ANSI_6 ANSI_5 ANSI_Equal "
	"ANSI_9 ANSI_7 ANSI_Minus ANSI_8 ANSI_0 ANSI_RightBracket ANSI_O "
	"ANSI_U ANSI_LeftBracket ANSI_I ANSI_P Return ANSI_L ANSI_J "
	"ANSI_Quote ANSI_K ANSI_Semicolon ANSI_Backslash ANSI_Comma "
	"ANSI_Slash ANSI_N ANSI_M ANSI_Period Tab Space ANSI_Grave Delete "
	"=53 Escape RightCommand Command Shift CapsLock Option Control "
	"RightShift RightOption RightControl Function F17 "
	"ANSI_KeypadDecimal =67 ANSI_KeypadMultiply =69 ANSI_KeypadPlus "
	"=71 ANSI_KeypadClear VolumeUp VolumeDown Mute ANSI_KeypadDivide "
	"ANSI_KeypadEnter =78 ANSI_KeypadMinus F18 F19 ANSI_KeypadEquals "
	"ANSI_Keypad0 ANSI_Keypad1 ANSI_Keypad2 ANSI_Keypad3 ANSI_Keypad4 "
	"ANSI_Keypad5 ANSI_Keypad6 ANSI_Keypad7 F20 ANSI_Keypad8 "
	"ANSI_Keypad9 JIS_Yen JIS_Underscore JIS_KeypadComma F5 F6 F7 F3 "
	"F8 F9 JIS_Eisu F11 JIS_Kana F13 F16 F14 =109 F10 =111 F12 =113 "
	"F15 Help Home PageUp ForwardDelete F4 End F2 PageDown F1 "
	"LeftArrow RightArrow DownArrow UpArrow";

static const char win32_keys[] =
	":VK_ =1 LBUTTON RBUTTON =4 MBUTTON XBUTTON1 XBUTTON2 =8 BACK TAB "
	"=13 RETURN =17 CONTROL MENU PAUSE CAPITAL KANA IME_ON =26 "
	"IME_OFF ESCAPE CONVERT NONCONVERT =32 SPACE PRIOR NEXT END HOME "
	"LEFT UP RIGHT DOWN SELECT PRINT =44 SNAPSHOT INSERT DELETE HELP "
	"0 1 2 3 4 5 6 7 8 9 =65 A B C D E F G H I J K L M N O P Q R S T "
	"U V W X Y Z LWIN RWIN APPS =95 SLEEP NUMPAD0 NUMPAD1 NUMPAD2 "
	"NUMPAD3 NUMPAD4 NUMPAD5 NUMPAD6 NUMPAD7 NUMPAD8 NUMPAD9 MULTIPLY "
	"ADD SEPARATOR?? SUBTRACT DECIMAL DIVIDE F1 F2 F3 F4 F5 F6 F7 F8 "
	"F9 F10 F11 F12 F13 F14 F15 F16 F17 F18 F19 F20 F21 F22 F23 F24 "
	"=144 NUMLOCK SCROLL =160 LSHIFT RSHIFT =163 RCONTROL =165 RMENU "
	"BROWSER_BACK BROWSER_FORWARD BROWSER_REFRESH BROWSER_STOP "
	"BROWSER_SEARCH BROWSER_FAVOURITES BROWSER_HOME VOLUME_MUTE "
	"VOLUME_DOWN VOLUME_UP MEDIA_NEXT_TRACK MEDIA_PREV_TRACK "
	"MEDIA_STOP MEDIA_PLAY_PAUSE LAUNCH_MAIL =186 OEM_1 OEM_PLUS "
	"OEM_COMMA OEM_MINUS OEM_PERIOD OEM_2 OEM_3 =219 OEM_4 OEM_5 "
	"OEM_6 OEM_7 =226 OEM_102 =242 OEM_COPY =250 PLAY ZOOM";

static const char *const set_names[] = {
	[XVM_KEYCODE_SET_LINUX] = "linux",
	[XVM_KEYCODE_SET_XT] = "xt",
	[XVM_KEYCODE_SET_ATSET1] = "atset1",
	[XVM_KEYCODE_SET_ATSET2] = "atset2",
	[XVM_KEYCODE_SET_ATSET3] = "atset3",
	[XVM_KEYCODE_SET_OSX] = "os_x",
	[XVM_KEYCODE_SET_XT_KBD] = "xt_kbd",
	[XVM_KEYCODE_SET_USB] = "usb",
	[XVM_KEYCODE_SET_WIN32] = "win32",
	[XVM_KEYCODE_SET_QNUM] = "qnum",
};

/* A walk over the names of a set. */
struct walk {
	const char *next;
	const char *prefix;	/* in the text, up to a space */
	int prefix_length;
	int code;
	char name[32];
};

static struct walk
walk_set(int set)
{
	struct walk walk = { .next = "", .prefix = "", .code = -1 };

	if (set == XVM_KEYCODE_SET_LINUX)
		walk.next = linux_keys;
	else if (set == XVM_KEYCODE_SET_OSX)
		walk.next = os_x_keys;
	else if (set == XVM_KEYCODE_SET_WIN32)
		walk.next = win32_keys;
	return walk;
}

static bool
walk_next(struct walk *walk)
{
	while (*walk->next != '\0') {
		const char *word = walk->next;
		int n = (int)strcspn(word, " ");

		walk->next += n + (word[n] == ' ');
		if (word[0] == '=') {
			walk->code = (int)strtol(word + 1, NULL, 10) - 1;
		} else if (word[0] == ':') {
			walk->prefix = word + 1;
			walk->prefix_length = n - 1;
		} else {
			walk->code++;
			(void)snprintf(walk->name, sizeof(walk->name),
			    "%.*s%.*s", walk->prefix_length, walk->prefix, n,
			    word);
			return true;
		}
	}
	return false;
}

int
keycode_set_find(const char *name)
{
	/* What qnum was called once. */
	if (strcmp(name, "rfb") == 0)
		return XVM_KEYCODE_SET_QNUM;
	return NUMBER_OF(set_names, name);
}

int
keycode_read(int set, const char *text)
{
	struct walk walk = walk_set(set);
	uint32_t number;

	if (number_u32(text, 0, &number) == 0 && number <= UINT16_MAX)
		return (int)number;
	while (walk_next(&walk)) {
		if (strcmp(walk.name, text) == 0)
			return walk.code;
	}
	return -1;
}

void
complete_keycode(struct cmd *cmd, unsigned int flags, struct words *words)
{
	const char *set = cmd_word(cmd, "codeset");
	struct walk walk;

	(void)flags;
	walk = walk_set(set == NULL || set[0] == '\0' ?
	    (int)XVM_KEYCODE_SET_LINUX : keycode_set_find(set));
	while (walk_next(&walk))
		words_add(words, "%s", walk.name);
}
